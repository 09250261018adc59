import { oneTokenCommand } from "../../../components/lib/one-token-probe.ts";
import type { Value } from "../../../policies/model/value.ts";
import {
  changedObject,
  changedTemplate,
  container,
  image,
  largePodContainers,
  object,
  podSpec,
  type Refusal,
  registry,
  type Sent,
  workloads,
} from "../support/objects.ts";

/** A change of the pod spec of a Deployment. Pods themselves meet Pod Security first, which refuses many. */
function spec(
  rule: string,
  title: string,
  path: readonly (string | number)[],
  value: Value,
): Refusal {
  return { rule, title, object: changedTemplate(["spec", ...path], value) };
}

/** A change of the only container. */
function own(
  rule: string,
  title: string,
  path: readonly (string | number)[],
  value: Value,
): Refusal {
  const { object: sent } = spec(rule, title, ["containers", 0, ...path], value);
  // The API server lets some of these pass for the users of a namespace of their own alone.
  return {
    rule,
    title,
    object: changedObject(sent, ["spec", "template", "spec", "hostUsers"], false),
  };
}

function another(rule: string, title: string, fields: Readonly<Record<string, Value>>): Refusal {
  const added = { ...container, name: "added", ...fields };
  return spec(rule, title, ["initContainers"], [added]);
}

const digest = `sha256:${"ab".repeat(32)}`;

const host: readonly Refusal[] = [
  spec("E15", "the node's network", ["hostNetwork"], true),
  own("E15", "a port of the node", ["ports"], [{ containerPort: 80, hostPort: 80 }]),
  spec("W01", "the node's processes", ["hostPID"], true),
  spec("W01", "the node's shared memory", ["hostIPC"], true),
  spec("W01", "containers that see each other's processes", ["shareProcessNamespace"], true),
  spec(
    "W01",
    "unsafe sysctl",
    ["securityContext", "sysctls"],
    [{ name: "kernel.msgmax", value: "1" }],
  ),
  spec("W01|W02", "folder of the node", ["volumes"], [{ name: "a", hostPath: { path: "/" } }]),
  own("W01", "probe of another host", ["livenessProbe"], {
    httpGet: { host: "203.0.113.7", port: 80 },
  }),
  own("W01", "hook that calls another host", ["lifecycle"], {
    preStop: { httpGet: { host: "203.0.113.7", port: 80 } },
  }),
  own("W01", "probe that opens a connection elsewhere", ["startupProbe"], {
    tcpSocket: { host: "203.0.113.7", port: 80 },
  }),
];

const standard: readonly Refusal[] = [
  spec("W01", "root", ["securityContext", "runAsUser"], 0),
  own("W01", "root in a container", ["securityContext", "runAsUser"], 0),
  own("W01", "maybe root", ["securityContext", "runAsNonRoot"], false),
  own("W01", "privileged", ["securityContext"], { privileged: true, readOnlyRootFilesystem: true }),
  own("W01", "escalation", ["securityContext", "allowPrivilegeEscalation"], true),
  own("W01", "unmasked /proc", ["securityContext"], {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    readOnlyRootFilesystem: true,
    procMount: "Unmasked",
  }),
  own("W01", "capability", ["securityContext", "capabilities", "add"], ["NET_RAW"]),
  own("W01", "capabilities kept", ["securityContext", "capabilities", "drop"], ["NET_RAW"]),
  own("W01", "no seccomp", ["securityContext", "seccompProfile"], { type: "Unconfined" }),
  own("W01", "no AppArmor", ["securityContext", "appArmorProfile"], { type: "Unconfined" }),
  own("W01", "SELinux type of the host", ["securityContext", "seLinuxOptions"], { type: "spc_t" }),
  another("W01", "init container that may escalate", {
    securityContext: { capabilities: { drop: ["ALL"] }, readOnlyRootFilesystem: true },
  }),
];

const credentials: readonly Refusal[] = [
  spec("W03", "token", ["automountServiceAccountToken"], true),
  spec("W03", "shared account", ["serviceAccountName"], "default"),
  spec(
    "W03",
    "projected token",
    ["volumes"],
    [{ name: "t", projected: { sources: [{ serviceAccountToken: { path: "t" } }] } }],
  ),
  spec(
    "W03",
    "projected certificate",
    ["volumes"],
    [
      {
        name: "t",
        projected: {
          sources: [
            {
              podCertificate: {
                signerName: "kubernetes.io/kube-apiserver-client-pod",
                keyType: "ED25519",
                credentialBundlePath: "c",
              },
            },
          ],
        },
      },
    ],
  ),
];

const images: readonly Refusal[] = [
  own("W04", "tag", ["image"], `${registry}/tool:1`),
  own("W04", "public registry", ["image"], `docker.io/library/tool@${digest}`),
  own("W04", "no registry", ["image"], `tool@${digest}`),
  own("W04", "registry of a similar name", ["image"], `${registry}.example.com/tool@${digest}`),
  own("W04", "registry as a folder", ["image"], `evil.example/${registry}/tool@${digest}`),
  own(
    "W04",
    "dot that stands for any letter",
    ["image"],
    `${registry.replaceAll(".", "x")}/tool@${digest}`,
  ),
  own("W04", "short digest", ["image"], `${registry}/tool@sha256:abcd`),
  another("W04", "init container from elsewhere", { image: `quay.io/tool@${digest}` }),
  spec(
    "W04",
    "volume with an image from elsewhere",
    ["volumes"],
    [{ name: "i", image: { reference: "docker.io/library/tool:1" } }],
  ),
];

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

function metadata(map: string, keys: Readonly<Record<string, string>>): Sent {
  return changedTemplate(["metadata"], {
    labels: { app: "tool" },
    [map]: { app: "tool", ...keys },
  });
}

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

/** The same breach in every kind that makes pods. */
const everyKind: readonly Refusal[] = workloads.map(({ object: sent, spec: path }) => ({
  rule: "W04",
  title: `tag in a ${sent.kind}`,
  object: changedObject(sent, [...path, "containers", 0, "image"], `${registry}/tool:1`),
}));

/** The gateway's namespace is closed as well, though it holds no engine. */
const gateway: readonly Refusal[] = [
  spec(
    "W01",
    "folder of the node for the gateway",
    ["volumes"],
    [{ name: "a", hostPath: { path: "/" } }],
  ),
  own("W04", "tag for the gateway", ["image"], `${registry}/tool:1`),
].map((refusal) => ({
  ...refusal,
  object: changedObject(refusal.object, ["metadata", "namespace"], "gateway"),
}));

export const podRefusals: readonly Refusal[] = [
  ...gateway,
  ...host,
  ...standard,
  ...credentials,
  ...images,
  ...volumes,
  ...networks,
  ...commands,
  ...everyKind,
];

export const podPasses: readonly Sent[] = [
  ...workloads.map(({ object: sent }) => sent),
  changedTemplate(
    ["spec", "securityContext", "sysctls"],
    [{ name: "net.ipv4.tcp_keepalive_time", value: "60" }],
  ),
  changedTemplate(
    ["spec", "initContainers"],
    [{ ...container, name: "first", image: image.replace("@", ":1.2@"), restartPolicy: "Always" }],
  ),
];

/** As large as a workload gets: the limits on what evaluation may cost must not be met by sound ones. */
export const largePod: Sent = object("apps/v1", "Deployment", "large", {
  spec: {
    selector: { matchLabels: { app: "large" } },
    template: {
      metadata: { labels: { app: "large" } },
      spec: {
        ...podSpec,
        containers: largePodContainers.map((name) => ({
          ...container,
          name,
          command: ["tool", ...Array.from({ length: 60 }, (__, word) => `--setting-${word}=value`)],
          env: Array.from({ length: 80 }, (__, entry) => ({
            name: `NAME_${entry}`,
            value: "value",
          })),
          volumeMounts: Array.from({ length: 20 }, (__, mount) => ({
            name: `v${mount}`,
            mountPath: `/v${mount}`,
          })),
        })),
        volumes: Array.from({ length: 20 }, (_, index) => ({
          name: `v${index}`,
          emptyDir: { medium: "Memory", sizeLimit: "1Mi" },
        })),
      },
    },
  },
});
