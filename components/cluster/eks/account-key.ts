import { Key } from "@pulumi/aws/kms/key.js";
import type * as pulumi from "@pulumi/pulumi";
import { accountKeyPolicy } from "./policies.ts";

export interface AccountKeyArgs {
  readonly description: string;
  readonly accountId: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** A key whose users IAM of the account names, and that outlives a mistake. */
export function createAccountKey(
  name: string,
  { description, accountId, tags }: AccountKeyArgs,
  opts: pulumi.CustomResourceOptions,
): Key {
  return new Key(
    name,
    {
      description,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: accountKeyPolicy({ accountId }),
      tags,
    },
    // A deleted key takes all it ever encrypted with it.
    { ...opts, protect: true, retainOnDelete: true },
  );
}
