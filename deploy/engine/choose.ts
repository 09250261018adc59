import { constants } from "node:fs";
import { access } from "node:fs/promises";
import * as path from "node:path";
import { DeployError } from "../errors.ts";

/** Who applies a stack: the Pulumi CLI, or this tool by server-side apply. */
export type Engine =
  | { readonly kind: "pulumi"; readonly binary: string }
  | { readonly kind: "ssa" };

export interface EngineChoice {
  readonly engine: Engine;
  /** One line for a person: which way is taken and why. */
  readonly reason: string;
}

/** @param asked value of `--engine` @param binary `pulumi` on PATH, where there is one */
export function chooseEngine(asked: string | undefined, binary: string | undefined): EngineChoice {
  switch (asked) {
    case undefined:
      return binary === undefined
        ? {
            engine: { kind: "ssa" },
            reason: "no pulumi on PATH: applying the rendered objects by server-side apply",
          }
        : {
            engine: { kind: "pulumi", binary },
            reason: `found ${binary}: deploying with pulumi up`,
          };
    case "ssa":
      return {
        engine: { kind: "ssa" },
        reason: "--engine ssa: applying the rendered objects by server-side apply",
      };
    case "pulumi":
      if (binary === undefined) {
        throw new DeployError(
          "--engine pulumi: no pulumi on PATH; install it (https://www.pulumi.com/docs/install), or leave the option out",
        );
      }
      return {
        engine: { kind: "pulumi", binary },
        reason: `--engine pulumi: deploying with ${binary}`,
      };
    default:
      throw new DeployError(`--engine ${asked} is unknown; choose ssa or pulumi`);
  }
}

/** The first executable `pulumi` on a PATH. */
export async function findPulumi(searchPath: string | undefined): Promise<string | undefined> {
  for (const folder of (searchPath ?? "").split(path.delimiter)) {
    if (!path.isAbsolute(folder)) continue;
    const binary = path.join(folder, "pulumi");
    if (
      await access(binary, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return binary;
  }
  return undefined;
}
