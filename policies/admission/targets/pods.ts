import {
  credentialSources,
  longestTokenSeconds,
  sharedAccount,
  tokenHolder,
} from "../../data/credentials.ts";
import {
  allowedCapability,
  appArmorTypes,
  hostHandlers,
  kubeletHandlers,
  restrictedVolumeTypes,
  safeSysctls,
  seccompTypes,
  seLinuxTypes,
  sharedNamespaces,
} from "../../data/pod-security.ts";
import type { Settings } from "../../model/settings.ts";
import { allOf, anyOf, field, isOff, items, list, string, text } from "../cel.ts";
import { type AdmissionCheck, eachContainer, eachHolds, eachVolume } from "../check.ts";
import { images } from "../images.ts";
import { changesPods, podRules, podSpec, podVariables } from "../pod-template.ts";
import type { Scope } from "../scope.ts";
import { namespacedSubject, type Target } from "../target.ts";

const context = field(podSpec, "securityContext");
const own = field("c", "securityContext");
const remedy = "set the field as the restricted Pod Security Standard asks, or remove it";

/**
 * What holds for every pod of the namespaces that the stack closes. Pod Security asks the same of most,
 * unless somebody lowers or exempts it.
 */
export function pods(scope: Scope, settings: Settings): Target {
  return {
    name: "pods",
    namespaces: scope.closed,
    resourceRules: podRules,
    conditions: [changesPods],
    variables: podVariables,
    subject: namespacedSubject,
    checks: [
      ...host(),
      ...contexts(),
      ...containers(),
      ...credentials(settings),
      ...images(settings.registry),
    ],
  };
}

function host(): AdmissionCheck[] {
  const shared = sharedNamespaces.filter((name) => name !== "hostNetwork");
  return [
    {
      rule: "E15",
      holds: isOff(podSpec, "hostNetwork"),
      problem: "shares the network of its node, where no network policy reaches it",
      remedy: "remove hostNetwork",
    },
    eachHolds(
      "E15",
      eachContainer,
      `${items("c", "ports")}.all(p, p.?hostPort.orValue(0) == 0)`,
      "opens a port of the node",
      "remove hostPort and use a Service",
    ),
    {
      rule: "W01",
      holds: allOf(shared.map((name) => isOff(podSpec, name))),
      problem: `sets one of ${shared.join(", ")}`,
      remedy: "remove it",
    },
    {
      rule: "W01",
      holds: `${items(context, "sysctls")}.all(s, s.name in ${list(safeSysctls)})`,
      problem: "sets an unsafe sysctl",
      remedy: "remove it",
    },
    eachHolds(
      "W01",
      eachVolume,
      `dyn(v).all(k, k == "name" || k in ${list(restrictedVolumeTypes)})`,
      "is of no type of the restricted standard",
      "use a persistentVolumeClaim, an emptyDir, a configMap or a secret",
    ),
    eachHolds(
      "W01",
      eachContainer,
      allOf(
        kubeletHandlers.flatMap((path) =>
          hostHandlers.map((kind) => `${string("c", ...path, kind, "host")} == ""`),
        ),
      ),
      "has a probe or hook that calls another host, from the node",
      "remove the host",
    ),
  ];
}

/**
 * Settings that the pod's and each container's security context have in common. Processes of the host on
 * Windows need hostNetwork, which is refused before.
 */
function contexts(): AdmissionCheck[] {
  const settings = [
    {
      holds: (at: string) => `${field(at, "runAsUser")}.orValue(1) > 0`,
      problem: "runs as root",
    },
    {
      holds: (at: string) =>
        `${field(at, "appArmorProfile", "type")}.orValue(${text(appArmorTypes[0])}) in ${list(appArmorTypes)}`,
      problem: "turns AppArmor off",
    },
    {
      holds: (at: string) =>
        allOf([
          `${string(at, "seLinuxOptions", "type")} in ${list(["", ...seLinuxTypes])}`,
          `${string(at, "seLinuxOptions", "user")} == ""`,
          `${string(at, "seLinuxOptions", "role")} == ""`,
        ]),
      problem: "leaves the SELinux types of containers",
    },
  ];
  return settings.flatMap(({ holds, problem }) => [
    { rule: "W01", holds: holds(context), problem, remedy },
    eachHolds("W01", eachContainer, holds(own), problem, remedy),
  ]);
}

function containers(): AdmissionCheck[] {
  const each = (holds: string, problem: string, how: string) =>
    eachHolds("W01", eachContainer, holds, problem, how);
  const inherited = (...path: readonly string[]) =>
    `${field(own, ...path)}.or(${field(context, ...path)})`;
  return [
    each(isOff(own, "privileged"), "is privileged", "remove privileged"),
    each(
      `${field(own, "allowPrivilegeEscalation")}.orValue(true) == false`,
      "may escalate its privileges",
      "set allowPrivilegeEscalation: false",
    ),
    each(
      `${field(own, "procMount")}.orValue("Default") == "Default"`,
      "unmasks /proc",
      "remove procMount",
    ),
    each(
      `${inherited("runAsNonRoot")}.orValue(false) == true`,
      "may run as root",
      "set runAsNonRoot: true",
    ),
    each(
      `${inherited("seccompProfile", "type")}.orValue("") in ${list(seccompTypes)}`,
      "has no seccomp profile",
      'set seccompProfile: {type: "RuntimeDefault"}',
    ),
    each(
      `"ALL" in ${items(own, "capabilities", "drop")} && ${items(own, "capabilities", "add")}.all(a, a == ${text(allowedCapability)})`,
      "keeps or adds capabilities",
      'set capabilities: {drop: ["ALL"]}',
    ),
  ];
}

function credentials({ gatewayNamespace }: Settings): AdmissionCheck[] {
  const account = `${field(podSpec, "serviceAccountName")}.or(${field(podSpec, "serviceAccount")}).orValue("")`;
  const none = allOf(credentialSources.map((name) => `!has(s.${name})`));
  const sources =
    gatewayNamespace === undefined ? none : anyOf([none, ofController(account, gatewayNamespace)]);
  return [
    {
      rule: "W03",
      holds: `${field(podSpec, "automountServiceAccountToken")}.orValue(true) == false`,
      problem: "gets a token of the Kubernetes API",
      remedy: "set automountServiceAccountToken: false in the pod spec",
    },
    {
      rule: "W03",
      holds: `!(${account} in ${list(["", sharedAccount])})`,
      problem: "runs under an account that every pod of the namespace may share",
      remedy: "make a ServiceAccount for this workload and name it",
    },
    eachHolds(
      "W03",
      eachVolume,
      `${items("v", "projected", "sources")}.all(s, ${sources})`,
      "mounts a credential of the Kubernetes API",
      "remove the projected source",
    ),
  ];
}

/** CEL on `s`, a source of a volume: a short-lived token of the route controller. */
function ofController(account: string, gatewayNamespace: string): string {
  return allOf([
    `request.namespace == ${text(gatewayNamespace)}`,
    `${account} == ${text(tokenHolder)}`,
    "has(s.serviceAccountToken) && !has(s.podCertificate)",
    `s.?serviceAccountToken.?expirationSeconds.orValue(${longestTokenSeconds}) <= ${longestTokenSeconds}`,
    `${string("s", "serviceAccountToken", "audience")} == ""`,
  ]);
}
