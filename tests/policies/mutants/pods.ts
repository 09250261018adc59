import { unknown, type Value, type ValueObject } from "../../../policies/model/value.ts";
import { kube } from "../good-graph.ts";
import {
  added,
  digest,
  engine,
  engineMutant,
  enginePath,
  type Mutant,
  podPath,
  template,
} from "./mutant.ts";

/** Title, path below the pod spec, value; the violation is reported at that same path. */
const podChanges: readonly (readonly [string, string, Value | undefined])[] = [
  ["host network", "hostNetwork", true],
  ["host processes", "hostPID", true],
  ["host IPC", "hostIPC", true],
  ["shared process namespace", "shareProcessNamespace", true],
  ["root user of the pod", "securityContext.runAsUser", 0],
  ["unsafe sysctl", "securityContext.sysctls", [{ name: "kernel.msgmax", value: "1" }]],
  ["host process container", "securityContext.windowsOptions", { hostProcess: true }],
  ["unconfined AppArmor", "securityContext.appArmorProfile", { type: "Unconfined" }],
  [
    "probe of another host",
    "containers.0.livenessProbe.httpGet",
    { host: "169.254.169.254", port: 80 },
  ],
  [
    "hook that calls another host",
    "containers.0.lifecycle.preStop.tcpSocket",
    { host: "192.0.2.1", port: 80 },
  ],
  ["volume of the host", "volumes.0.hostPath", { path: "/" }],
  ["privileged", "containers.0.securityContext.privileged", true],
  [
    "escalation allowed by silence",
    "containers.0.securityContext.allowPrivilegeEscalation",
    undefined,
  ],
  ["no capability dropped", "containers.0.securityContext.capabilities.drop", undefined],
  ["capabilities are no object", "containers.0.securityContext.capabilities", "ALL"],
  ["unmasked proc", "containers.0.securityContext.procMount", "Unmasked"],
  ["containers are no list", "containers", {}],
  ["unknown security context", "containers.0.securityContext", unknown],
  ["SELinux type", "containers.0.securityContext.seLinuxOptions", { type: "spc_t" }],
];

/** Where the violation lies deeper than the change. */
const deeper: Readonly<Record<string, string>> = {
  "containers.0.livenessProbe.httpGet": ".host",
  "containers.0.lifecycle.preStop.tcpSocket": ".host",
  "securityContext.sysctls": "[0].name",
  "securityContext.windowsOptions": ".hostProcess",
  "securityContext.appArmorProfile": ".type",
  "containers.0.securityContext.seLinuxOptions": ".type",
};

export const restrictedPods: readonly Mutant[] = [
  ...podChanges.map(([title, at, value]) => {
    const steps = at.split(".").map((step) => (/^\d+$/.test(step) ? Number(step) : step));
    const shown = at.replace(/\.(\d+)/g, "[$1]");
    const path = `${podPath}.${shown}${deeper[at] ?? ""}`;
    return engineMutant("W01", title, [...template, ...steps], value, path);
  }),
  engineMutant(
    "W01",
    "no seccomp profile",
    [...template, "securityContext", "seccompProfile"],
    undefined,
    `${enginePath}.securityContext.seccompProfile.type`,
  ),
  engineMutant(
    "W01",
    "root allowed",
    [...template, "securityContext", "runAsNonRoot"],
    false,
    `${podPath}.securityContext.runAsNonRoot`,
  ),
  engineMutant(
    "W01",
    "added capability",
    [...engine, "securityContext", "capabilities"],
    { drop: ["ALL"], add: ["NET_RAW"] },
    `${enginePath}.securityContext.capabilities.add[0]`,
  ),
  engineMutant(
    "W01",
    "host port",
    [...engine, "ports"],
    [{ containerPort: 8000, hostPort: 8000 }],
    `${enginePath}.ports[0].hostPort`,
  ),
  engineMutant(
    "W01",
    "privileged init container",
    [...template, "initContainers"],
    [{ name: "init", image: `registry.internal/llm/tool@${digest}` }],
    `${podPath}.initContainers[0].securityContext.allowPrivilegeEscalation`,
  ),
  added(
    "W01",
    "privileged pod in a job",
    kube("batch/v1:CronJob", "probe", "inference", {
      spec: { jobTemplate: { spec: { template: { spec: { hostPID: true, containers: [] } } } } },
    }),
    "CronJob inference/probe",
    "spec.jobTemplate.spec.template.spec.hostPID",
  ),
];

export const serviceAccounts: readonly Mutant[] = [
  added(
    "W03",
    "Secret that holds a token",
    kube("core/v1:Secret", "token", "inference", { type: "kubernetes.io/service-account-token" }),
    "Secret inference/token",
    "type",
  ),
  engineMutant(
    "W03",
    "token mounted by silence",
    [...template, "automountServiceAccountToken"],
    undefined,
    `${podPath}.automountServiceAccountToken`,
  ),
  engineMutant(
    "W03",
    "no service account",
    [...template, "serviceAccountName"],
    undefined,
    `${podPath}.serviceAccountName`,
  ),
  engineMutant(
    "W03",
    "default service account",
    [...template, "serviceAccountName"],
    "default",
    `${podPath}.serviceAccountName`,
  ),
  engineMutant(
    "W03",
    "projected token",
    [...template, "volumes"],
    [{ name: "token", projected: { sources: [{ serviceAccountToken: { path: "t" } }] } }],
    `${podPath}.volumes[0].projected.sources[0].serviceAccountToken`,
  ),
  engineMutant(
    "W03",
    "projected certificate",
    [...template, "volumes"],
    [{ name: "c", projected: { sources: [{ podCertificate: { keyType: "ED25519" } }] } }],
    `${podPath}.volumes[0].projected.sources[0].podCertificate`,
  ),
  engineMutant(
    "W03",
    "unknown service account",
    [...template, "serviceAccountName"],
    unknown,
    `${podPath}.serviceAccountName`,
  ),
  controllerMutant("a lasting token of the route controller", {
    serviceAccountToken: { path: "token", expirationSeconds: 86_400 },
  }),
  controllerMutant("a token of the route controller for as long as it likes", {
    serviceAccountToken: { path: "token" },
  }),
  controllerMutant("a token of the route controller for somebody else", {
    serviceAccountToken: { path: "token", expirationSeconds: 600, audience: "vault" },
  }),
  controllerMutant("a certificate of the route controller", { podCertificate: { path: "c" } }),
  controllerMutant(
    "a token of another pod of the gateway",
    { serviceAccountToken: { path: "token", expirationSeconds: 600 } },
    { serviceAccountName: "gateway" },
  ),
  controllerMutant(
    "a token of an account of the same name elsewhere",
    { serviceAccountToken: { path: "token", expirationSeconds: 600 } },
    { namespace: "inference" },
  ),
];

/** A pod that would be the route controller, with one source of a volume. */
function controllerMutant(
  title: string,
  source: ValueObject,
  { serviceAccountName = "gateway-routes", namespace = "gateway" } = {},
): Mutant {
  const spec = {
    serviceAccountName,
    automountServiceAccountToken: false,
    containers: [],
    volumes: [{ name: "account", projected: { sources: [source] } }],
  };
  return added(
    "W03",
    title,
    kube("apps/v1:Deployment", "gateway-routes", namespace, { spec: { template: { spec } } }),
    `Deployment ${namespace}/gateway-routes`,
    `${podPath}.volumes[0].projected.sources[0].${Object.keys(source)[0]}`,
  );
}
