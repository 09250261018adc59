import * as pulumi from "@pulumi/pulumi";
import { loadStack } from "./config/load.ts";
import type { StackConfig } from "./config/parse.ts";
import { exampleEntries, type Lock, readLock } from "./lock.ts";
import type { StackOutputs } from "./outputs.ts";
import { refuseViolations } from "./self-check.ts";
import { unusedImages } from "./unused-images.ts";
import { exampleManifests, readWeightsLock } from "./weights-lock.ts";

/** Composition root: one stack file in, one layer of one environment out. Each layer loads only its own SDKs. */
export async function program(): Promise<StackOutputs> {
  const stack = loadStack();
  const lock = readLock();
  if (!pulumi.runtime.isDryRun()) {
    refuseExampleDigests(stack, lock);
    await refuseViolations(pulumi.getStack());
  }
  switch (stack.layer) {
    case "cluster": {
      const { deployCluster } = await import("./cluster.ts");
      return deployCluster(stack);
    }
    case "platform": {
      const { deployPlatform } = await import("./platform.ts");
      return deployPlatform(stack, lock, readWeightsLock());
    }
    default:
      stack satisfies never;
      throw new Error("unreachable");
  }
}

/** Example digests may be looked at, and deployed only where no container runs. */
function refuseExampleDigests(stack: StackConfig, lock: Lock): void {
  if (stack.layer === "cluster" || stack.cluster.kind === "local") return;
  const examples = [
    ...exampleEntries(lock, unusedImages(stack)),
    ...exampleManifests(readWeightsLock()),
  ];
  if (examples.length === 0) return;
  throw new pulumi.RunError(
    `stacks/digests.lock.json and stacks/weights.lock.json hold ${examples.length} examples that no registry was asked for, ` +
      `such as ${examples[0]}; run npm run lock on a connected machine before deploying`,
  );
}
