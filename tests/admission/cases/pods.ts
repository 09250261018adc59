import type { Value } from "../../../policies/model/value.ts";
import { another, own, spec } from "../support/changes.ts";
import {
  changedObject,
  changedTemplate,
  container,
  image,
  type Refusal,
  registry,
  type Sent,
  workloads,
} from "../support/objects.ts";

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
  spec("W03", "token of another account of the gateway", ["volumes"], token(600)),
].map((refusal) => ({
  ...refusal,
  object: changedObject(refusal.object, ["metadata", "namespace"], "gateway"),
}));

function token(expirationSeconds: number): Value {
  const serviceAccountToken = { path: "token", expirationSeconds };
  return [{ name: "account", projected: { sources: [{ serviceAccountToken }] } }];
}

/** A pod of the route controller's account, the only one that may have a token. */
function controller(namespace: string, volumes: Value): Sent {
  const named = changedTemplate(["spec", "serviceAccountName"], "gateway-routes");
  const moved = changedObject(named, ["metadata", "namespace"], namespace);
  return changedObject(moved, ["spec", "template", "spec", "volumes"], volumes);
}

const controllers: readonly Refusal[] = [
  { title: "a lasting token", rule: "W03", object: controller("gateway", token(7200)) },
  {
    title: "a token of the same account elsewhere",
    rule: "W03",
    object: controller("inference", token(600)),
  },
];

export const podRefusals: readonly Refusal[] = [
  ...gateway,
  ...controllers,
  ...host,
  ...standard,
  ...credentials,
  ...images,
  ...everyKind,
];

export const podPasses: readonly Sent[] = [
  controller("gateway", token(600)),
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
