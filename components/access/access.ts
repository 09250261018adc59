import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { roleObjectName } from "../lib/role-names.ts";
import { type Purpose, policyRule, type RoleName, rulesOf } from "./roles.ts";

/** Names of groups, as the identity provider of the cluster reports them. */
export interface AccessGroups {
  readonly viewers: readonly string[];
  readonly operators: readonly string[];
  /** Empty in quiet times where the identity provider grants membership only on request. */
  readonly breakGlass: readonly string[];
}

export interface AccessArgs {
  /** Namespaces that this stack owns; it grants nothing in any other. */
  readonly namespaces: {
    readonly inference: string;
    readonly gateway: string;
    /** @default - monitoring belongs to someone else */
    readonly monitoring?: string;
  };
  readonly groups: AccessGroups;
}

/**
 * What people may do with the stack: a Role of each kind in each owned namespace, bound to groups.
 * A role without groups exists and is bound to nobody. Nothing here reaches beyond a namespace.
 */
export class Access extends pulumi.ComponentResource {
  constructor(name: string, args: AccessArgs, opts: pulumi.ComponentResourceOptions) {
    super("llm:access:Access", name, args, opts);
    const { inference, gateway, monitoring } = args.namespaces;
    this.grant(name, "inference", inference, args.groups);
    this.grant(name, "gateway", gateway, args.groups);
    if (monitoring !== undefined) this.grant(name, "monitoring", monitoring, args.groups);
    this.registerOutputs({});
  }

  private grant(name: string, purpose: Purpose, namespace: string, groups: AccessGroups): void {
    const holders = {
      viewer: groups.viewers,
      operator: groups.operators,
      "break-glass": groups.breakGlass,
    } satisfies Record<RoleName, readonly string[]>;
    for (const role of roleNames) {
      const resource = `${name}-${namespace}-${role}`;
      const metadata = { name: roleObjectName(role), namespace, labels: labelsOf(role) };
      const made = new k8s.rbac.v1.Role(
        resource,
        { metadata, rules: rulesOf(role, purpose).map(policyRule) },
        { parent: this },
      );
      if (holders[role].length === 0) continue;
      new k8s.rbac.v1.RoleBinding(
        resource,
        {
          metadata,
          roleRef: { apiGroup: rbac, kind: "Role", name: metadata.name },
          subjects: holders[role].map((group) => ({ apiGroup: rbac, kind: "Group", name: group })),
        },
        { parent: this, dependsOn: [made] },
      );
    }
  }
}

const roleNames = ["viewer", "operator", "break-glass"] as const satisfies readonly RoleName[];
const rbac = "rbac.authorization.k8s.io";

/** Reviews and alerts on the audit log find what a break-glass role touches by its label. */
function labelsOf(role: RoleName): Record<string, string> {
  return {
    "app.kubernetes.io/part-of": "private-llm",
    ...(role === "break-glass" ? { "private-llm/break-glass": "true" } : {}),
  };
}
