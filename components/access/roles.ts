import type * as k8s from "@pulumi/kubernetes";
import { desiredConfigMap, overrideConfigMap, statusConfigMap } from "../gateway/names.ts";

/** What people may be, in rising order of power. */
export type RoleName = "viewer" | "operator" | "break-glass";

/** What a namespace is for; decides what a role may do in it. */
export type Purpose = "inference" | "gateway" | "monitoring";

/** One rule of RBAC, spelt out: no role of this product holds a wildcard. */
export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  /** Objects the rule is limited to, by name. @default - every object of the kind */
  readonly resourceNames?: readonly string[];
}

const see = ["get", "list", "watch"];
const change = [...see, "create", "update", "patch", "delete"];
const core = "";

/** The rules of a role in a namespace; a new list each time. */
export function rulesOf(role: RoleName, purpose: Purpose): Rule[] {
  switch (role) {
    case "viewer":
      return viewerRules(purpose);
    case "operator":
      return [...viewerRules(purpose), ...operatorRules(purpose)];
    case "break-glass":
      return breakGlassRules();
    default:
      role satisfies never;
      throw new Error("unreachable");
  }
}

/**
 * Reads what runs, never what it says or knows. RBAC cannot show an object without its content, hence
 * no Secrets, and no ConfigMaps but the two that say where traffic goes: configuration is where credentials
 * end up by mistake. Logs of
 * engine and gateway could hold prompts if someone ever turned their logging up, so they are readable
 * in monitoring alone.
 */
function viewerRules(purpose: Purpose): Rule[] {
  return [
    {
      apiGroups: [core],
      resources: ["pods", "services", "persistentvolumeclaims", "serviceaccounts", "events"],
      verbs: see,
    },
    ...(purpose === "monitoring"
      ? [{ apiGroups: [core], resources: ["pods/log"], verbs: ["get"] }]
      : []),
    ...(purpose === "gateway"
      ? [
          {
            apiGroups: [core],
            resources: ["configmaps"],
            resourceNames: [desiredConfigMap, statusConfigMap],
            verbs: ["get"],
          },
        ]
      : []),
    {
      apiGroups: ["apps"],
      resources: ["deployments", "replicasets", "statefulsets", "daemonsets"],
      verbs: see,
    },
    { apiGroups: ["batch"], resources: ["jobs", "cronjobs"], verbs: see },
    { apiGroups: ["policy"], resources: ["poddisruptionbudgets"], verbs: see },
    { apiGroups: ["networking.k8s.io"], resources: ["networkpolicies"], verbs: see },
    { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: see },
    {
      apiGroups: ["monitoring.coreos.com"],
      resources: ["podmonitors", "servicemonitors", "prometheusrules"],
      verbs: see,
    },
    {
      apiGroups: ["rbac.authorization.k8s.io"],
      resources: ["roles", "rolebindings"],
      verbs: see,
    },
  ];
}

/**
 * Runs the service without touching what it is. Whoever may patch a Deployment may change its image
 * and command, so scaling goes through the subresource and a restart is the deletion of a pod.
 */
function operatorRules(purpose: Purpose): Rule[] {
  switch (purpose) {
    case "inference":
      return [
        { apiGroups: ["apps"], resources: ["deployments/scale"], verbs: ["get", "patch"] },
        { apiGroups: [core], resources: ["pods"], verbs: ["delete"] },
      ];
    case "gateway":
      // RBAC knows no prefix of names, so whoever writes records may read and create any ConfigMap here; no
      // configuration of the gateway holds a credential, and admission guards the records themselves. Clients'
      // keys are Secrets, and Secrets are for break-glass and for who deploys the stack (W06).
      return [
        { apiGroups: [core], resources: ["pods"], verbs: ["delete"] },
        { apiGroups: [core], resources: ["configmaps"], verbs: [...see, "create"] },
        {
          apiGroups: [core],
          resources: ["configmaps"],
          resourceNames: [overrideConfigMap],
          verbs: ["update", "patch"],
        },
      ];
    case "monitoring":
      return [];
    default:
      purpose satisfies never;
      throw new Error("unreachable");
  }
}

/**
 * Everything inside the walls, for an emergency; the API server's audit log holds each use. The walls
 * and the grants stay out of reach: no emergency of serving needs an open network policy or a new
 * role, and together with `exec` either would let data leave.
 */
function breakGlassRules(): Rule[] {
  return [
    {
      apiGroups: [core],
      resources: ["pods", "services", "configmaps", "secrets", "persistentvolumeclaims"],
      verbs: change,
    },
    { apiGroups: [core], resources: ["serviceaccounts", "events"], verbs: see },
    { apiGroups: [core], resources: ["pods/log"], verbs: ["get"] },
    // Streams over WebSocket are authorised as `get` by older API servers and as `create` by newer ones.
    {
      apiGroups: [core],
      resources: ["pods/exec", "pods/attach", "pods/portforward"],
      verbs: ["get", "create"],
    },
    { apiGroups: [core], resources: ["pods/ephemeralcontainers"], verbs: ["update", "patch"] },
    { apiGroups: [core], resources: ["pods/eviction"], verbs: ["create"] },
    {
      apiGroups: ["apps"],
      resources: ["deployments", "replicasets", "statefulsets", "daemonsets"],
      verbs: change,
    },
    {
      apiGroups: ["apps"],
      resources: ["deployments/scale", "statefulsets/scale"],
      verbs: ["get", "update", "patch"],
    },
    { apiGroups: ["batch"], resources: ["jobs", "cronjobs"], verbs: change },
    { apiGroups: ["policy"], resources: ["poddisruptionbudgets"], verbs: change },
    {
      apiGroups: ["monitoring.coreos.com"],
      resources: ["podmonitors", "servicemonitors", "prometheusrules"],
      verbs: change,
    },
    { apiGroups: ["networking.k8s.io"], resources: ["networkpolicies"], verbs: see },
    { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: see },
    {
      apiGroups: ["rbac.authorization.k8s.io"],
      resources: ["roles", "rolebindings"],
      verbs: see,
    },
  ];
}

/** A rule as Kubernetes takes it. */
export function policyRule(rule: Rule): k8s.types.input.rbac.v1.PolicyRule {
  const { apiGroups, resources, verbs, resourceNames } = rule;
  return {
    apiGroups: [...apiGroups],
    resources: [...resources],
    verbs: [...verbs],
    ...(resourceNames === undefined ? {} : { resourceNames: [...resourceNames] }),
  };
}
