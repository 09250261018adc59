import { compareText } from "../../components/lib/compare-text.ts";
import { servedCheckpoint } from "../../components/lib/models/checkpoint.ts";
import type { Precision } from "../../components/lib/models/precision.ts";
import { stackConfig } from "../../deploy/stack-config.ts";
import { ConfigError } from "../../infra/config/faults.ts";
import { readStackFile, type StackFile } from "../../offline/stack-file.ts";
import { repositoryRoot } from "./repository.ts";
import { allStacks } from "./stacks.ts";
import { UsageError } from "./usage.ts";

/** A checkpoint that a stack serves, as far as the locks name it. */
export interface Served {
  readonly repository: string;
  readonly quantisation: Precision;
  /** Name of the licence in the catalogue. */
  readonly licence: string;
}

/**
 * Checkpoints that the stacks of this repository serve, each once: rows of the catalogue and models of
 * the site's own, in the precision that the stack chose.
 * @throws UsageError or StackFileError naming a stack file that cannot be used
 */
export async function servedCheckpoints(): Promise<Served[]> {
  const files = await Promise.all(
    (await allStacks()).map((stack) => readStackFile(repositoryRoot, stack)),
  );
  const unique = new Map(files.flatMap(checkpointsOf).map((one) => [one.repository, one]));
  return [...unique.values()].toSorted((a, b) => compareText(a.repository, b.repository));
}

function checkpointsOf(file: StackFile): Served[] {
  try {
    const config = stackConfig(file);
    if (config.layer === "cluster") return [];
    return config.models.map((chosen) => ({
      repository: servedCheckpoint(chosen).repository,
      quantisation: chosen.precision,
      licence: chosen.model.licence.name,
    }));
  } catch (error) {
    if (error instanceof ConfigError) throw new UsageError(`${file.file}: ${error.message}`);
    throw error;
  }
}
