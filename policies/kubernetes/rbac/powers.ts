/**
 * What RBAC can grant that lets somebody into a pod, makes one, reads a Secret or takes more rights.
 * Source: the Kubernetes documentation on good practices for RBAC (risks of privilege escalation) and
 * the subresources of the core API; 2026-11.
 */
export interface Power {
  readonly group: string;
  readonly resources: readonly string[];
  /** "every": each verb that there is. A verb counts with everything behind a colon as well. */
  readonly verbs: readonly string[] | "every";
  /** Continues "may". */
  readonly may: string;
  /** `cluster`: holds only where a ClusterRoleBinding grants it. */
  readonly scope: "namespace" | "cluster";
}

const write = ["create", "update", "patch", "delete", "deletecollection"];
const change = ["create", "update", "patch"];

function inside(group: string, resources: string, verbs: Power["verbs"], may: string): Power {
  return { group, resources: resources.split(" "), verbs, may, scope: "namespace" };
}

function across(group: string, resources: string, verbs: Power["verbs"], may: string): Power {
  return { ...inside(group, resources, verbs, may), scope: "cluster" };
}

const rbac = "rbac.authorization.k8s.io";
const admission = "admissionregistration.k8s.io";

export const powers: readonly Power[] = [
  inside("", "pods/exec", "every", "run commands in pods"),
  inside("", "pods/attach", "every", "attach to pods"),
  inside("", "pods/portforward", "every", "forward ports of pods"),
  inside("", "pods/proxy services/proxy", "every", "reach pods through the API server"),
  inside("", "pods/ephemeralcontainers", change, "add debug containers to pods"),
  inside("", "pods/log", "every", "read the logs of pods"),
  // To update or delete a Secret answers with its content.
  inside("", "secrets", "every", "read or make Secrets"),
  inside("", "serviceaccounts/token", change, "make tokens"),
  inside("", "pods", change, "make or change pods"),
  inside("", "replicationcontrollers podtemplates", change, "make pods"),
  inside("apps", "deployments replicasets statefulsets daemonsets", change, "make pods"),
  inside("extensions", "deployments replicasets daemonsets", change, "make pods"),
  inside("batch", "jobs cronjobs", change, "make pods"),
  inside("networking.k8s.io", "networkpolicies", write, "open network policies"),
  inside(rbac, "roles clusterroles", ["escalate"], "grant rights that it lacks"),
  inside(rbac, "roles clusterroles", ["bind"], "bind roles that it lacks"),
  inside("", "users groups serviceaccounts", ["impersonate"], "act as somebody else"),
  inside("authentication.k8s.io", "*", ["impersonate"], "act as somebody else"),
  across("", "nodes/proxy", "every", "reach pods through the kubelets"),
  across("", "namespaces", ["update", "patch"], "change the labels of namespaces"),
  across("", "persistentvolumes", change, "make volumes of folders of a node"),
  across(admission, "mutatingwebhookconfigurations", write, "change every pod on its way in"),
  across(
    admission,
    "mutatingadmissionpolicies mutatingadmissionpolicybindings",
    write,
    "change every pod on its way in",
  ),
  across(admission, "validatingwebhookconfigurations", change, "read every object on its way in"),
  across("apiregistration.k8s.io", "apiservices", change, "stand in for the API server"),
  across(
    "certificates.k8s.io",
    "certificatesigningrequests/approval",
    ["update", "patch"],
    "approve certificates of anybody",
  ),
  across("certificates.k8s.io", "signers", ["approve", "sign"], "sign certificates of anybody"),
];

/**
 * What operators may hold over every namespace, and nothing else: the GPU operator labels its own
 * namespace and marks GPU pods before it upgrades a driver, and RBAC can limit neither right to those.
 */
const ofOperators: readonly Pick<Power, "group" | "resources" | "verbs">[] = [
  { group: "", resources: ["namespaces"], verbs: ["update", "patch"] },
  { group: "", resources: ["pods"], verbs: ["patch"] },
];

/** Whether an operator of the infrastructure may be granted exactly these verbs of a power. */
export function isForOperators(power: Power, verbs: readonly string[]): boolean {
  return ofOperators.some(
    (allowed) =>
      allowed.group === power.group &&
      allowed.resources.join(" ") === power.resources.join(" ") &&
      verbs.every((verb) => allowed.verbs.includes(verb)),
  );
}
