import { Addon } from "@pulumi/aws/eks/addon.js";
import type { Cluster } from "@pulumi/aws/eks/cluster.js";
import type * as pulumi from "@pulumi/pulumi";
import type { AddonVersions } from "./eks-args.ts";

/**
 * Network policies are enforced, and a pod that none selects reaches nobody, system pods included.
 * Standard mode would let a new pod talk to everything until its policies are programmed.
 */
const strictNetworkPolicies = {
  enableNetworkPolicy: "true",
  env: { NETWORK_POLICY_ENFORCING_MODE: "strict" },
} as const;

const nodeAddons = [
  { addonName: "vpc-cni", version: "vpcCni", configuration: strictNetworkPolicies },
  { addonName: "kube-proxy", version: "kubeProxy", configuration: undefined },
  { addonName: "eks-pod-identity-agent", version: "podIdentityAgent", configuration: undefined },
  {
    addonName: "eks-node-monitoring-agent",
    version: "nodeMonitoringAgent",
    configuration: undefined,
  },
] as const satisfies readonly {
  readonly addonName: string;
  readonly version: keyof AddonVersions;
  readonly configuration: object | undefined;
}[];

export interface AddonArgs {
  readonly clusterName: pulumi.Input<string>;
  readonly addonName: string;
  readonly addonVersion: string;
  readonly configuration: object | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** Add-ons that run on every node in the node's own network; a node is ready only with them. */
export function createNodeAddons(
  name: string,
  cluster: Cluster,
  versions: AddonVersions,
  tags: Readonly<Record<string, string>>,
  opts: pulumi.CustomResourceOptions,
): readonly Addon[] {
  return nodeAddons.flatMap(({ addonName, version, configuration }) => {
    const addonVersion = versions[version];
    if (addonVersion === undefined) return [];
    const args = { clusterName: cluster.name, addonName, addonVersion, configuration, tags };
    return [createAddon(`${name}-${addonName}`, args, opts)];
  });
}

/** A managed add-on of a pinned version. */
export function createAddon(
  name: string,
  { configuration, ...args }: AddonArgs,
  opts: pulumi.CustomResourceOptions,
): Addon {
  return new Addon(
    name,
    {
      ...args,
      ...(configuration === undefined
        ? {}
        : { configurationValues: JSON.stringify(configuration) }),
      // What somebody changed by hand, such as the enforcing mode, is put back.
      resolveConflictsOnCreate: "OVERWRITE",
      resolveConflictsOnUpdate: "OVERWRITE",
    },
    opts,
  );
}
