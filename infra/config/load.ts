import * as pulumi from "@pulumi/pulumi";
import { ConfigError } from "./faults.ts";
import { parseStack, type StackConfig } from "./parse.ts";
import { rawStack } from "./raw-stack.ts";
import { repositoryFiles } from "./repository-file.ts";

/** Reads this stack's configuration from the engine; all faults end the program in one message. */
export function loadStack(): StackConfig {
  const project = pulumi.getProject();
  try {
    return parseStack(rawStack(pulumi.runtime.allConfig(), project), project, repositoryFiles);
  } catch (error) {
    if (error instanceof ConfigError) throw new pulumi.RunError(error.message);
    throw error;
  }
}
