import test from "ava";
import type { PolicyConfig } from "../../components/lib/stack/policies.ts";
import { graphOf } from "../../policies/model/graph.ts";
import type { Resource } from "../../policies/model/resource.ts";
import type { Settings } from "../../policies/model/settings.ts";
import { isObject, type Value, type ValueObject } from "../../policies/model/value.ts";
import { evaluate } from "../../policies/runner.ts";
import { changed, goodResources, kube, replaceAt, settings } from "./good-graph.ts";
import { ownWaysIn } from "./mutants/exposure.ts";
import { ownGpus } from "./mutants/gpus.ts";
import { namedNeighbour } from "./mutants/host-network.ts";
import { digest, engine, template } from "./mutants/mutant.ts";
import { allowedGrants, binding, clusterRole } from "./mutants/rbac.ts";
import { writableRoot } from "./mutants/volumes.ts";

/** Findings of one rule as `object: path`. */
function found(rule: string, resources: readonly Resource[], told: Settings = settings) {
  return evaluate(graphOf(resources), told)
    .findings.filter(({ policy }) => policy === rule)
    .map(({ object, path }) => `${object}: ${path}`);
}

function problems(rule: string, resources: readonly Resource[]): readonly string[] {
  const { findings } = evaluate(graphOf(resources), settings);
  return findings.filter(({ policy }) => policy === rule).map(({ problem }) => problem);
}

function telling(policies: Partial<PolicyConfig>): Settings {
  return { ...settings, policies: { ...settings.policies, ...policies } };
}

function ofEngine(path: readonly (string | number)[], value: Value | undefined) {
  return changed("Deployment/llama", path, value);
}

const more = (...resources: readonly Resource[]) => [...goodResources, ...resources];

test("the gateway's own ways in pass, and its route may lead to a model", (t) => {
  t.deepEqual(found("E14", more(...ownWaysIn)), []);
});

test("an Ingress and a route that lead to no model pass", (t) => {
  const backend = { service: { name: "shop" } };
  const ingress = kube("networking.k8s.io/v1:Ingress", "shop", "web", {
    spec: { defaultBackend: backend },
  });
  const route = kube("gateway.networking.k8s.io/v1:HTTPRoute", "shop", "web", {
    spec: { rules: [{ backendRefs: [{ name: "shop" }] }] },
  });
  const shop = kube("core/v1:Service", "shop", "web", { spec: { type: "LoadBalancer" } });
  t.deepEqual(found("E14", more(ingress, route, shop)), []);
});

test("a DaemonSet in the network of GPU nodes passes where the stack names it, and no other kind does", (t) => {
  const named = telling({ hostNetworkDaemonSets: ["kube-system/agent"] });
  t.deepEqual(found("E15", more(namedNeighbour), named), []);
  const other = { ...namedNeighbour, type: "kubernetes:apps/v1:Deployment" };
  t.is(found("E15", more(other), named).length, 1);
});

test("infrastructure that this product makes may use the network of GPU nodes", (t) => {
  const own = { ...namedNeighbour, properties: { ...namedNeighbour.properties } };
  const moved = kube("apps/v1:DaemonSet", "agent", "monitoring", own.properties);
  const metadata = { name: "agent", namespace: "monitoring" };
  t.deepEqual(found("E15", more({ ...moved, properties: { ...moved.properties, metadata } })), []);
});

test("a neighbour that is bound to another pool never comes to a GPU node", (t) => {
  const spec = {
    hostNetwork: true,
    tolerations: [{ operator: "Exists" }],
    nodeSelector: { "private-llm/pool": "system" },
  };
  const agent = kube("apps/v1:DaemonSet", "agent", "kube-system", { spec: { template: { spec } } });
  t.deepEqual(found("E15", more(agent)), []);
});

test("a network and a device that the stack names pass, in every form of the annotation", (t) => {
  const told = telling({ secondaryNetworks: ["inference/fabric", "fabrics/ib", "rdma/hca"] });
  const annotations = ["spec", "template", "metadata", "annotations"];
  const forms = [
    "fabric",
    "fabric@net1, fabrics/ib",
    '[{"name": "ib", "namespace": "fabrics", "interface": "net1"}]',
    "",
  ];
  for (const form of forms) {
    const networks = { "k8s.v1.cni.cncf.io/networks": form };
    t.deepEqual(found("E18", ofEngine(annotations, networks), told), [], form);
  }
  const device = [...engine, "resources", "limits", "rdma/hca"];
  t.deepEqual(found("E18", ofEngine(device, "1"), told), []);
});

test("what a network plugin notes of a pod, and a device that is not asked for, pass", (t) => {
  const annotations = ["spec", "template", "metadata", "annotations"];
  const notes = {
    "cni.projectcalico.org/podIP": "10.244.0.4/32",
    "k8s.v1.cni.cncf.io/network-status": "[]",
    "prometheus.io/scrape": "true",
  };
  t.deepEqual(found("E18", ofEngine(annotations, notes)), []);
  t.deepEqual(found("E18", ofEngine([...engine, "resources", "requests"], { "rdma/hca": 0 })), []);
});

test("a disk of the node passes as a local volume, and a folder that another namespace is promised", (t) => {
  const disk = kube("core/v1:PersistentVolume", "disk", undefined, {
    spec: { local: { path: "/mnt/k8s-disks/0" } },
  });
  const promised = kube("core/v1:PersistentVolume", "other", undefined, {
    spec: { hostPath: { path: "/data" }, claimRef: { namespace: "monitoring" } },
  });
  t.deepEqual(found("W02", more(disk, promised)), []);
});

const helper: ValueObject = {
  name: "verify",
  image: `registry.internal/llm/verify@${digest}`,
  command: ["/usr/local/bin/verify", "--folder=/models", "$(POD_NAME)"],
  env: [{ name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }],
  securityContext: { readOnlyRootFilesystem: true },
};

test("a container that the stack names passes, and its commands are judged all the same", (t) => {
  const told = telling({ containers: ["verify"] });
  const path = [...template, "initContainers"];
  t.deepEqual(found("W05", ofEngine(path, [helper]), told), []);
  const shell = { ...helper, command: ["sh", "-c", "verify"] };
  t.deepEqual(found("W05", ofEngine(path, [shell]), told), [
    "Deployment inference/llama: spec.template.spec.initContainers[0].command[0]",
  ]);
});

const startingLines: readonly (readonly string[])[] = [
  ["vllm", "serve", "/models/llama", "--host=0.0.0.0", "--role", "node"],
  ["/usr/local/bin/vllm", "serve", "/models/llama", '--kv-transfer-config={"a": "b c;d"}'],
  ["python3", "-u", "-m", "vllm.entrypoints.openai.api_server", "--model=/models/llama"],
  ["tini", "--", "python3", "/app/server.py", "--model", "/models/llama"],
  ["trtllm-serve", "/models/llama", "--api-key=$(KEY)"],
];

for (const line of startingLines) {
  test(`an engine may be started as: ${line.join(" ")}`, (t) => {
    const env = [{ name: "KEY", valueFrom: { secretKeyRef: { name: "s", key: "k" } } }];
    const body = {
      name: "engine",
      image: `registry.internal/llm/vllm@${digest}`,
      command: line,
      env,
      volumeMounts: [{ name: "scratch", mountPath: "/models" }],
    };
    t.deepEqual(found("W05", ofEngine([...engine], body)), []);
  });
}

test("probes and hooks that ask the pod itself pass", (t) => {
  const handlers = {
    startupProbe: { exec: { command: ["/bin/grpc_health_probe", "-addr=localhost:50051"] } },
    readinessProbe: { exec: { command: ["/app/ready", "--url=http://127.0.0.1:8000/health"] } },
    lifecycle: { preStop: { exec: { command: ["sleep", "15"] } } },
  };
  const path = [...engine];
  const body = { name: "engine", image: `registry.internal/llm/vllm@${digest}`, ...handlers };
  t.deepEqual(found("W05", ofEngine(path, body)), []);
});

test("an operator's few rights, the break-glass group and what viewers need pass", (t) => {
  t.deepEqual(found("W06", more(...allowedGrants)), []);
});

test("the gateway's namespace is guarded like inference, and any other is not", (t) => {
  const rules = [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }];
  const inGateway = binding("RoleBinding", "ClusterRole", [{ kind: "User", name: "a" }], "gateway");
  t.deepEqual(found("W06", more(clusterRole(rules), inGateway)), [
    "RoleBinding gateway/b: subjects[0]",
  ]);
  const elsewhere = binding("RoleBinding", "ClusterRole", [{ kind: "User", name: "a" }], "web");
  t.deepEqual(found("W06", more(clusterRole(rules), elsewhere)), []);
});

test("a binding says what it lets whom do, each power once", (t) => {
  const rules = [
    { apiGroups: [""], resources: ["pods/exec"], verbs: ["create"] },
    { apiGroups: ["apps", "batch"], resources: ["*"], verbs: ["create", "get"] },
  ];
  const bound = binding("RoleBinding", "ClusterRole", [{ kind: "User", name: "ann" }]);
  t.deepEqual(problems("W06", more(clusterRole(rules), bound)), [
    'lets User "ann" run commands in pods, make pods through ClusterRole "wide"',
  ]);
});

test("a GPU container may keep a writable root where all else that it writes to is memory", (t) => {
  const inMemory = [
    { name: "scratch", mountPath: "/scratch" },
    { name: "shm", mountPath: "/dev/shm" },
    { name: "tmp", mountPath: "/tmp" },
  ];
  t.deepEqual(found("W07", writableRoot(inMemory)), []);
  const readOnly = { name: "state", mountPath: "/models", readOnly: true };
  t.deepEqual(found("W07", writableRoot([...inMemory, readOnly])), []);
});

test("a pod may ask the runtime for no core dumps", (t) => {
  const annotations = ["spec", "template", "metadata", "annotations"];
  const limits = "- type: RLIMIT_CORE\n  soft: 0\n  hard: 0\n- type: nofile\n  hard: 65536\n";
  const key = "ulimits.nri.containerd.io/container.engine";
  t.deepEqual(found("W07", ofEngine(annotations, { [key]: limits })), []);
});

test("GPUs of one's own pass, and so does a text that only mentions sharing", (t) => {
  t.deepEqual(found("W08", more(...ownGpus)), []);
});

test("a pool may be named by node affinity, if every alternative names one", (t) => {
  const term = { matchExpressions: [{ key: "pool", operator: "In", values: ["gpu"] }] };
  const affinity = (terms: readonly ValueObject[]) => ({
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms },
    },
  });
  const withTerms = (terms: readonly ValueObject[]) =>
    goodResources.map((each) => {
      if (each.name !== "llama" || !each.type.endsWith(":Deployment")) return each;
      const unbound = replaceAt(each.properties, [...template, "nodeSelector"], undefined);
      const bound = replaceAt(unbound, [...template, "affinity"], affinity(terms));
      return isObject(bound) ? { ...each, properties: bound } : each;
    });
  t.deepEqual(found("W08", withTerms([term])), []);
  t.is(found("W08", withTerms([term, {}])).length, 1);
});

test("private resolvers and names of addresses inside pass", (t) => {
  const told = telling({ privateResolvers: ["10.9.0.53"] });
  const dns = { nameservers: ["10.9.0.53"], searches: ["svc.cluster.local"] };
  t.deepEqual(found("W09", ofEngine([...template, "dnsConfig"], dns), told), []);
  const aliases = [{ ip: "10.96.0.9" }, { ip: "::1" }, { ip: "10.20.0.4" }];
  t.deepEqual(found("W09", ofEngine([...template, "hostAliases"], aliases)), []);
});
