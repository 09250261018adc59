import type { RecordedResource } from "../offline/recorder.ts";
import { type PlannedObject, planObjects, randomOutputs } from "../offline/render/plan.ts";
import { readStack, type Surroundings } from "../offline/stack/read-stack.ts";
import { unknownSentinel } from "../offline/wire.ts";
import { DeployError } from "./errors.ts";
import { type RandomSpec, randomPasswordType, randomSpecs } from "./random/generate.ts";
import { stackConfig } from "./stack-config.ts";

/** A stack as server-side apply needs it. */
export interface DeployableStack {
  readonly planned: readonly PlannedObject[];
  readonly random: ReadonlyMap<string, RandomSpec>;
  /** Whether its GPU nodes, and so all its containers, are simulated. */
  readonly simulated: boolean;
}

/**
 * The objects of a stack, with marks in place of random values.
 * @throws DeployError naming everything that only the Pulumi CLI can make
 */
export async function deployableStack(
  stack: string,
  surroundings: Surroundings,
): Promise<DeployableStack> {
  const { file, resources, undecided } = await readStack(stack, {
    ...surroundings,
    outputs: randomOutputs,
  });
  const hidden = Object.keys(file.config).filter((key) => file.config[key] === unknownSentinel);
  const reasons = [
    ...hidden.map((key) => `${file.file}: ${key} is encrypted`),
    ...undecided.map(({ chart, reason }) => `${chart}: ${reason}`),
    ...foreignResources(resources).map(({ urn, type }) => `${urn}: a resource of type ${type}`),
  ];
  if (reasons.length > 0) {
    throw new DeployError(
      `stack ${stack} holds what only the Pulumi CLI can read or make; install it and use --engine pulumi\n${reasons
        .map((reason) => `  ${reason}`)
        .join("\n")}`,
    );
  }
  const config = stackConfig(file);
  return {
    planned: planObjects(resources),
    random: randomSpecs(resources),
    simulated: config.layer === "platform" && config.cluster.kind === "local",
  };
}

/** Resources that are neither Kubernetes objects nor random values. */
function foreignResources(resources: readonly RecordedResource[]): RecordedResource[] {
  return resources.filter(
    ({ type, custom }) =>
      custom &&
      !type.startsWith("kubernetes:") &&
      !type.startsWith("pulumi:") &&
      type !== randomPasswordType,
  );
}
