import { parseStack, type StackConfig } from "../infra/config/parse.ts";
import type { PlatformConfig } from "../infra/config/platform.ts";
import { rawStack } from "../infra/config/raw-stack.ts";
import { repositoryFiles } from "../infra/config/repository-file.ts";
import type { StackFile } from "../offline/stack-file.ts";
import { DeployError } from "./errors.ts";

/** The stack file as the program parses it. @throws ConfigError */
export function stackConfig({ config, project }: StackFile): StackConfig {
  return parseStack(rawStack(config, project), project, repositoryFiles);
}

/** @throws DeployError where the stack is of another layer, which has no Kubernetes objects */
export function platformOnly(config: StackConfig, stack: string): PlatformConfig {
  if (config.layer === "platform") return config;
  throw new DeployError(
    `stack ${stack} is of layer cluster: it makes cloud resources, which only the Pulumi CLI can; install it (https://www.pulumi.com/docs/install), then run this again`,
  );
}
