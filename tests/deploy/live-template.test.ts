import test from "ava";
import type { Found } from "../../deploy/live/found.ts";
import { ownersAmong } from "../../deploy/live/owners.ts";
import { representation } from "../../deploy/live/represented.ts";
import { isObject, type Value, type ValueObject } from "../../policies/model/value.ts";
import { replaceAt } from "../policies/good-graph.ts";
import { found, owned } from "./support/live.ts";

const container: ValueObject = {
  name: "engine",
  image: "registry.internal/vllm",
  env: [{ name: "HOME", value: "/scratch" }],
  resources: { limits: { cpu: "1" } },
  volumeMounts: [{ name: "scratch", mountPath: "/scratch" }],
};
const spec: ValueObject = {
  containers: [container],
  volumes: [{ name: "scratch", emptyDir: {} }],
  securityContext: {},
  schedulerName: "default-scheduler",
};
const template: ValueObject = { metadata: { labels: { app: "llama" } }, spec };

const deployment = found("apps/v1", "Deployment", "inference/llama", { spec: { template } });

function replicaSet(more: ValueObject = {}, own: ValueObject = template): Found {
  const body = { spec: { replicas: 1, template: own, ...more }, status: { replicas: 1 } };
  return found("apps/v1", "ReplicaSet", "inference/llama-1", body, owned(deployment));
}

const set = replicaSet(
  {},
  {
    ...template,
    metadata: { labels: { app: "llama", "pod-template-hash": "1" } },
  },
);

/** A pod as the cluster makes it from the template. */
const podSpec: ValueObject = {
  ...spec,
  containers: [
    {
      ...container,
      resources: { limits: { cpu: "1" }, requests: { cpu: "1" } },
      volumeMounts: [
        { name: "scratch", mountPath: "/scratch" },
        {
          name: "kube-api-access-abc12",
          mountPath: "/var/run/secrets/kubernetes.io/serviceaccount",
        },
      ],
    },
  ],
  volumes: [
    { name: "scratch", emptyDir: {} },
    { name: "kube-api-access-abc12", projected: { sources: [] } },
  ],
  enableServiceLinks: true,
  nodeName: "gpu-1",
  preemptionPolicy: "PreemptLowerPriority",
  priority: 0,
  serviceAccount: "default",
  serviceAccountName: "default",
  tolerations: [{ key: "node.kubernetes.io/not-ready", operator: "Exists" }],
};

function pod(own: ValueObject = podSpec, metadata: ValueObject = {}, by = set): Found {
  const labels = { app: "llama", "pod-template-hash": "1" };
  return found(
    "v1",
    "Pod",
    "inference/llama-1-x",
    { spec: own },
    { labels, ...owned(by), ...metadata },
  );
}

function judged(all: readonly Found[]): { objects: string[]; fields: readonly string[] } {
  const result = representation(all, ownersAmong(all));
  return {
    objects: result.judged.map(({ object: { kind }, name }) => `${kind} ${name}`),
    fields: result.differing.flatMap(({ fields }) => fields),
  };
}

test("a workload stands for its ReplicaSet and its pods, whatever the cluster added to them", (t) => {
  t.deepEqual(judged([deployment, set, pod()]), { objects: ["Deployment llama"], fields: [] });
});

test("a pod without an owner is judged", (t) => {
  const stray = found("v1", "Pod", "inference/stray", { spec: podSpec });
  t.deepEqual(judged([deployment, stray]).objects, ["Deployment llama", "Pod stray"]);
});

const changes: readonly {
  title: string;
  path: readonly (string | number)[];
  value: Value;
  field: string;
}[] = [
  {
    title: "an injected sidecar",
    path: ["containers", 1],
    value: { name: "proxy", image: "x" },
    field: "spec.containers",
  },
  {
    title: "an injected init container",
    path: ["initContainers"],
    value: [{ name: "setup", image: "x" }],
    field: "spec.initContainers",
  },
  {
    title: "a debugging container",
    path: ["ephemeralContainers"],
    value: [{ name: "debugger", image: "x" }],
    field: "spec.ephemeralContainers",
  },
  {
    title: "another image",
    path: ["containers", 0, "image"],
    value: "other",
    field: "spec.containers",
  },
  {
    title: "another variable",
    path: ["containers", 0, "env", 1],
    value: { name: "HTTPS_PROXY", value: "x" },
    field: "spec.containers",
  },
  { title: "the host's network", path: ["hostNetwork"], value: true, field: "spec.hostNetwork" },
  {
    title: "another account",
    path: ["serviceAccountName"],
    value: "admin",
    field: "spec.serviceAccountName",
  },
  {
    title: "another volume",
    path: ["volumes", 2],
    value: { name: "host", hostPath: { path: "/" } },
    field: "spec.volumes",
  },
  {
    title: "a volume named like a token",
    path: ["volumes", 2],
    value: { name: "kube-api-access-zzzzz", hostPath: { path: "/" } },
    field: "spec.volumes",
  },
  {
    title: "other names for hosts",
    path: ["hostAliases"],
    value: [{ ip: "1.2.3.4" }],
    field: "spec.hostAliases",
  },
  {
    title: "another resolver",
    path: ["dnsConfig"],
    value: { nameservers: ["1.1.1.1"] },
    field: "spec.dnsConfig",
  },
  { title: "a field that nobody knows yet", path: ["newField"], value: 1, field: "spec.newField" },
];

for (const { title, path, value, field } of changes) {
  test(`a pod with ${title} is judged by itself, and the field is named`, (t) => {
    const changed = replaceAt(podSpec, path, value);
    t.true(isObject(changed));
    t.deepEqual(judged([deployment, set, pod(isObject(changed) ? changed : {})]), {
      objects: ["Deployment llama", "Pod llama-1-x"],
      fields: [field],
    });
  });
}

test("a pod with another label is judged, since other network policies may select it", (t) => {
  const labels = { app: "llama", "pod-template-hash": "1", role: "gateway" };
  t.deepEqual(judged([deployment, set, pod(podSpec, { labels })]), {
    objects: ["Deployment llama", "Pod llama-1-x"],
    fields: ['metadata.labels["role"]'],
  });
});

test("a pod that lost a label is judged, since its policies no longer select it", (t) => {
  const labels = { "pod-template-hash": "1" };
  t.deepEqual(judged([deployment, set, pod(podSpec, { labels })]).fields, [
    'metadata.labels["app"]',
  ]);
});

test("a pod with an annotation for a second network is judged, one with its plugin's notes is not", (t) => {
  const networks = { "k8s.v1.cni.cncf.io/networks": "macvlan" };
  const notes = { "k8s.v1.cni.cncf.io/network-status": "[]", "checksum/config": "1" };
  t.deepEqual(judged([deployment, set, pod(podSpec, { annotations: networks })]).fields, [
    'metadata.annotations["k8s.v1.cni.cncf.io/networks"]',
  ]);
  t.deepEqual(judged([deployment, set, pod(podSpec, { annotations: notes })]).fields, []);
});

const older: ValueObject = { ...template, spec: { ...spec, hostNetwork: true } };

test("a ReplicaSet of an earlier revision is judged while it runs", (t) => {
  t.deepEqual(judged([deployment, replicaSet({}, older)]), {
    objects: ["Deployment llama", "ReplicaSet llama-1"],
    fields: ["spec.hostNetwork"],
  });
});

test("one at rest runs nothing, and stands for no pod that claims it", (t) => {
  const body = { spec: { replicas: 0, template: older } };
  const resting = found("apps/v1", "ReplicaSet", "inference/llama-1", body, owned(deployment));
  t.deepEqual(judged([deployment, resting]).objects, ["Deployment llama"]);
  const posing = pod({ ...podSpec, hostNetwork: true }, {}, resting);
  t.deepEqual(judged([deployment, resting, posing]).objects, ["Deployment llama", "Pod llama-1-x"]);
});

test("a StatefulSet stands for pods with the volumes of its claims, and for no other volume", (t) => {
  const claims = { volumeClaimTemplates: [{ metadata: { name: "data" } }] };
  const stateful = found("apps/v1", "StatefulSet", "inference/db", {
    spec: { template, ...claims },
  });
  const volume = { name: "data", persistentVolumeClaim: { claimName: "data-db-0" } };
  const hidden = { name: "data", hostPath: { path: "/" } };
  const made = (extra: Value) =>
    pod(
      { ...podSpec, hostname: "db-0", volumes: [{ name: "scratch", emptyDir: {} }, extra] },
      {},
      stateful,
    );
  t.deepEqual(judged([stateful, made(volume)]).objects, ["StatefulSet db"]);
  t.deepEqual(judged([stateful, made(hidden)]).fields, ["spec.volumes"]);
});

test("nothing stands for the pods of a custom resource without a template", (t) => {
  const cluster = found("ray.io/v1", "RayCluster", "inference/ray", { spec: {} });
  t.deepEqual(judged([cluster, pod(podSpec, {}, cluster)]), {
    objects: ["RayCluster ray", "Pod llama-1-x"],
    fields: [],
  });
});
