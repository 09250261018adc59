import { compareText } from "../../components/lib/compare-text.ts";
import { servedCheckpoint } from "../../components/lib/models/checkpoint.ts";
import { stackConfig } from "../../deploy/stack-config.ts";
import { ConfigError } from "../../infra/config/faults.ts";
import { readStackFile, type StackFile } from "../../offline/stack-file.ts";
import { repositoryRoot } from "./repository.ts";
import { allStacks } from "./stacks.ts";
import { UsageError } from "./usage.ts";

/**
 * Model repositories that the stacks of this repository serve, each once: rows of the catalogue and models of
 * the site's own, in the precision that the stack chose.
 * @throws UsageError or StackFileError naming a stack file that cannot be used
 */
export async function servedRepositories(): Promise<string[]> {
  const files = await Promise.all(
    (await allStacks()).map((stack) => readStackFile(repositoryRoot, stack)),
  );
  return [...new Set(files.flatMap(repositoriesOf))].toSorted(compareText);
}

function repositoriesOf(file: StackFile): string[] {
  try {
    const config = stackConfig(file);
    if (config.layer === "cluster") return [];
    return config.models.map((model) => servedCheckpoint(model).repository);
  } catch (error) {
    if (error instanceof ConfigError) throw new UsageError(`${file.file}: ${error.message}`);
    throw error;
  }
}
