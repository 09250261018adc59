import { Key } from "@pulumi/aws/kms/key.js";
import type * as pulumi from "@pulumi/pulumi";
import type { EksClusterArgs } from "./eks-args.ts";
import { accountKeyPolicy, dataKeyPolicy } from "./policies.ts";

/** Two keys, so that access to volumes and logs never opens Secrets. */
export interface Keys {
  /** Envelope encryption of Kubernetes Secrets. */
  readonly secrets: Key;
  /** Node volumes and logs. */
  readonly data: Key;
}

export function createKeys(
  name: string,
  args: EksClusterArgs,
  opts: pulumi.CustomResourceOptions,
): Keys {
  const create = (purpose: keyof Keys, description: string, policy: string) =>
    new Key(
      `${name}-${purpose}`,
      {
        description: `${args.clusterName}: ${description}`,
        enableKeyRotation: true,
        deletionWindowInDays: 30,
        policy,
        tags: args.tags,
      },
      // A deleted key takes all it ever encrypted with it.
      { ...opts, protect: true, retainOnDelete: true },
    );
  return {
    secrets: create("secrets", "Kubernetes Secrets", accountKeyPolicy(args)),
    data: create("data", "node volumes and logs", dataKeyPolicy(args.region, args)),
  };
}
