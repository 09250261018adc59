import { oneTokenCommand } from "../../../components/lib/one-token-probe.ts";
import { metadata, own, spec } from "../support/changes.ts";
import { changedTemplate, container, type Refusal, type Sent } from "../support/objects.ts";

const volumes: readonly Refusal[] = [
  spec("W02", "inline volume of a driver", ["volumes"], [{ name: "v", csi: { driver: "x" } }]),
  spec(
    "W02|W01",
    "network file system",
    ["volumes"],
    [{ name: "v", nfs: { server: "203.0.113.7", path: "/" } }],
  ),
  spec("W07", "temporary files on a disk", ["volumes"], [{ name: "tmp", emptyDir: {} }]),
  spec(
    "W07",
    "memory without a size",
    ["volumes"],
    [{ name: "tmp", emptyDir: { medium: "Memory" } }],
  ),
  own("W07", "writable root", ["securityContext", "readOnlyRootFilesystem"], false),
  own("W07", "log in the status", ["terminationMessagePolicy"], "FallbackToLogsOnError"),
  {
    rule: "W07",
    title: "memory dumps",
    object: metadata("annotations", {
      "ulimits.nri.containerd.io/container.sidecar": "- type: RLIMIT_CORE",
    }),
  },
];

const networks: readonly Refusal[] = [
  {
    rule: "E18",
    title: "second network",
    object: metadata("annotations", { "k8s.v1.cni.cncf.io/networks": "storage, fast" }),
  },
  {
    rule: "E18",
    title: "second network in JSON",
    object: metadata("annotations", { "k8s.v1.cni.cncf.io/networks": '[{"name": "storage"}]' }),
  },
  {
    rule: "E18",
    title: "another first network",
    object: metadata("annotations", { "v1.multus-cni.io/default-network": "fast" }),
  },
  {
    rule: "E18",
    title: "addresses of a plugin",
    object: metadata("annotations", { "cni.projectcalico.org/ipAddrs": '["203.0.113.7"]' }),
  },
  own("E18", "network card", ["resources"], { limits: { "rdma/hca": "1" } }),
  {
    rule: "E19",
    title: "ambient mesh for a pod",
    object: metadata("labels", { "istio.io/dataplane-mode": "ambient" }),
  },
  {
    rule: "E19",
    title: "sidecar of a mesh in a pod",
    object: metadata("annotations", { "sidecar.istio.io/inject": "true" }),
  },
  spec("W09", "the node's resolver", ["dnsPolicy"], "Default"),
  spec("W09", "public resolver", ["dnsConfig"], { nameservers: ["203.0.113.53"] }),
  spec(
    "W09",
    "name for an address outside",
    ["hostAliases"],
    [{ ip: "203.0.113.7", hostnames: ["collector"] }],
  ),
];

const commands: readonly Refusal[] = [
  spec(
    "W05",
    "container that the stack does not name",
    ["containers"],
    [container, { ...container, name: "other" }],
  ),
  spec("W05", "pod without an engine", ["containers"], [{ ...container, name: "other" }]),
  spec(
    "W05",
    "init container that the stack does not name",
    ["initContainers"],
    [{ ...container, name: "other" }],
  ),
  own("W05", "shell", ["command"], ["/bin/sh", "-c", "sleep 1"]),
  own("W05", "shell with a version", ["command"], ["bash5.2"]),
  own("W05", "shell behind another program", ["command"], ["timeout", "5", "bash"]),
  own("W05", "download", ["command"], ["curl", "http://10.0.0.1"]),
  own("W05", "package manager as a module", ["command"], ["python3", "-m", "pip", "install", "x"]),
  own("W05", "text for an interpreter", ["command"], ["python3", "-c", "print(1)"]),
  own("W05", "another interpreter", ["command"], ["perl", "-e", "1"]),
  own("W05", "another path of programs", ["command"], ["env", "PATH=/tmp", "tool"]),
  own("W05", "script in a word", ["args"], ["--run=x; wget http://10.0.0.1"]),
  own("W05", "hook that runs a shell", ["lifecycle"], {
    postStart: { exec: { command: ["sh", "-c", "cat /etc/passwd"] } },
  }),
  own("W05", "probe that asks elsewhere", ["livenessProbe"], {
    exec: { command: ["check", "http://203.0.113.7/"] },
  }),
  own("W05", "probe that differs from the engine's own check", ["livenessProbe"], {
    exec: { command: [...oneTokenCommand({ servedName: "m", port: 8000 }), "more"] },
  }),
];

export const contentRefusals: readonly Refusal[] = [...volumes, ...networks, ...commands];

export const contentPasses: readonly Sent[] = [
  changedTemplate(["spec", "containers", 0, "livenessProbe"], {
    exec: { command: oneTokenCommand({ servedName: "org/any model", port: 8001 }) },
  }),
  changedTemplate(["spec", "containers", 0, "command"], ["tini", "--", "tool", "--format=a b"]),
  changedTemplate(["spec", "containers", 0, "command"], ["python3", "-I", "/opt/tool.py"]),
  metadata("annotations", { "k8s.v1.cni.cncf.io/networks": "storage@net1, inference/storage" }),
  metadata("annotations", { "cni.projectcalico.org/podIP": "10.244.1.1/32" }),
  metadata("labels", { "istio.io/dataplane-mode": "none" }),
  changedTemplate(["spec", "dnsConfig"], { nameservers: ["10.20.0.53"] }),
  changedTemplate(["spec", "hostAliases"], [{ ip: "10.244.1.1", hostnames: ["a"] }]),
];
