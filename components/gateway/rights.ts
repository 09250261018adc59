import type * as k8s from "@pulumi/kubernetes";
import { routeController, statusConfigMap } from "./names.ts";

type Rule = k8s.types.input.rbac.v1.PolicyRule;

const see = ["get", "list", "watch"];
const endpoints: Rule = {
  apiGroups: ["discovery.k8s.io"],
  resources: ["endpointslices"],
  verbs: see,
};

/** In its own namespace: what traffic should be and where the egress gateway is; it writes its status alone. */
export function ownRights(): Rule[] {
  return [
    { apiGroups: [""], resources: ["configmaps"], verbs: see },
    {
      apiGroups: [""],
      resources: ["configmaps"],
      resourceNames: [statusConfigMap],
      verbs: ["update", "patch"],
    },
    endpoints,
  ];
}

/** Among the models: addresses of pods, and nothing else. */
export function inferenceRights(): Rule[] {
  return [endpoints];
}

/** The binding of the controller's account to its Role of a namespace. */
export function controllerBinding(namespace: string, home: string): k8s.rbac.v1.RoleBindingArgs {
  return {
    metadata: { name: routeController, namespace },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: routeController },
    subjects: [{ kind: "ServiceAccount", name: routeController, namespace: home }],
  };
}
