import test from "ava";
import type { Found } from "../../deploy/live/found.ts";
import { originsAmong } from "../../deploy/live/origin.ts";
import { ownersAmong } from "../../deploy/live/owners.ts";
import type { ValueObject } from "../../policies/model/value.ts";
import { found, managed, owned } from "./support/live.ts";

function origins(all: readonly Found[]): string[] {
  const tell = originsAmong(all, ownersAmong(all));
  return all.map((each) => tell.of(each));
}

function inventory(...entries: readonly (readonly [string, string, string, string])[]): Found {
  const objects = entries.map(([apiVersion, kind, namespace, name]) => ({
    apiVersion,
    kind,
    namespace,
    name,
    patch: false,
    keep: false,
  }));
  const data = { "objects.json": JSON.stringify(objects) };
  return found("v1", "ConfigMap", "kube-system/private-llm-inventory-dev", { data });
}

const deployment = found("apps/v1", "Deployment", "inference/llama");
const set = found("apps/v1", "ReplicaSet", "inference/llama-1", {}, owned(deployment));
const pod = found("v1", "Pod", "inference/llama-1-x", {}, owned(set));
const listed = inventory(["apps/v1", "Deployment", "inference", "llama"]);

test("what an inventory lists was made by a stack, and so was what controllers made for it", (t) => {
  t.deepEqual(origins([listed, deployment, set, pod]), ["stack", "stack", "stack", "stack"]);
});

test("an object of the same name in another version of its group is the same object", (t) => {
  const old = inventory(["apps/v1beta1", "Deployment", "inference", "llama"]);
  t.deepEqual(origins([old, deployment]), ["stack", "stack"]);
});

test("what the Pulumi engine made is known by its field manager", (t) => {
  const made = found(
    "v1",
    "Service",
    "inference/s",
    {},
    managed("pulumi-kubernetes-1a2b", "kubelet"),
  );
  t.deepEqual(origins([made]), ["stack"]);
});

test("a label of the product makes nobody's object a stack's", (t) => {
  const labels = { "private-llm/stack": "dev", "app.kubernetes.io/managed-by": "pulumi" };
  const posing = found("v1", "Pod", "inference/x", {}, { labels, ...managed("private-llm") });
  t.deepEqual(origins([listed, posing]), ["stack", "nobody"]);
});

test("an object of which a stack sets some fields only was not made by it", (t) => {
  const data = {
    "objects.json": JSON.stringify([
      {
        apiVersion: "v1",
        kind: "Secret",
        namespace: "inference",
        name: "s",
        patch: true,
        keep: false,
      },
    ]),
  };
  const patches = found("v1", "ConfigMap", "kube-system/private-llm-inventory-dev", { data });
  t.deepEqual(origins([patches, found("v1", "Secret", "inference/s")]), ["stack", "nobody"]);
});

const claims: readonly { title: string; object: Found }[] = [
  {
    title: "an owner that does not exist",
    object: found(
      "v1",
      "Pod",
      "inference/x",
      {},
      { ownerReferences: [{ kind: "ReplicaSet", name: "llama-1", uid: "made up" }] },
    ),
  },
  {
    title: "an owner that makes no such objects",
    object: found("networking.k8s.io/v1", "NetworkPolicy", "inference/x", {}, owned(deployment)),
  },
  {
    title: "an owner that makes its pods through another object",
    object: found("v1", "Pod", "inference/x", {}, owned(deployment)),
  },
  {
    title: "an owner in another namespace",
    object: found("v1", "Pod", "gateway/x", {}, owned(set)),
  },
  {
    title: "itself",
    object: found(
      "v1",
      "Pod",
      "inference/x",
      {},
      { uid: "u", ownerReferences: [{ kind: "Pod", name: "x", uid: "u" }] },
    ),
  },
];

for (const { title, object } of claims) {
  test(`an object that claims ${title} is nobody's`, (t) => {
    t.is(origins([listed, deployment, set, object]).at(-1), "nobody");
  });
}

test("whatever an operator makes for a stack's custom resource belongs to the stack", (t) => {
  const resource = found("monitoring.coreos.com/v1", "Prometheus", "monitoring/main");
  const operated = found("apps/v1", "StatefulSet", "monitoring/main", {}, owned(resource));
  const own = inventory(["monitoring.coreos.com/v1", "Prometheus", "monitoring", "main"]);
  t.deepEqual(origins([own, resource, operated]), ["stack", "stack", "stack"]);
});

test("endpoints belong to their Service where it has a selector, and to nobody where they were written by hand", (t) => {
  const own = inventory(["v1", "Service", "inference", "a"], ["v1", "Service", "inference", "b"]);
  const service = (name: string, spec: ValueObject) =>
    found("v1", "Service", `inference/${name}`, { spec });
  const endpoints = (name: string) => found("v1", "Endpoints", `inference/${name}`);
  t.deepEqual(
    origins([
      own,
      service("a", { selector: { app: "llama" } }),
      service("b", { ports: [] }),
      endpoints("a"),
      endpoints("b"),
    ]).slice(3),
    ["stack", "nobody"],
  );
});

test("a volume belongs to the claim that it was provisioned for", (t) => {
  const claim = found("v1", "PersistentVolumeClaim", "inference/weights");
  const own = inventory(["v1", "PersistentVolumeClaim", "inference", "weights"]);
  const spec = { claimRef: { uid: claim.uid } };
  const annotations = { "pv.kubernetes.io/provisioned-by": "ebs.csi.aws.com" };
  const made = found("v1", "PersistentVolume", "pvc-1", { spec }, { annotations });
  const byHand = found("v1", "PersistentVolume", "by-hand", { spec });
  t.deepEqual(origins([own, claim, made, byHand]).slice(2), ["stack", "nobody"]);
});

test("an inventory that cannot be understood is told", (t) => {
  const data = { "objects.json": "[" };
  const broken = found("v1", "ConfigMap", "kube-system/private-llm-inventory-dev", { data });
  const all = [broken, deployment];
  const tell = originsAmong(all, ownersAmong(all));
  t.deepEqual(tell.unreadable, [broken]);
  t.is(tell.of(deployment), "nobody");
});
