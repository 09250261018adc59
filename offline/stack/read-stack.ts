import { program } from "../../infra/index.ts";
import { kubernetesVersion } from "../../infra/versions.ts";
import type { RenderCache } from "../charts/cache.ts";
import { type Expansion, expandCharts } from "../charts/expand.ts";
import { record } from "../recorder.ts";
import { readStackFile, type StackFile } from "../stack-file.ts";

/** Things outside the repository that reading a stack needs. */
export interface Surroundings {
  /** Root of the repository. */
  readonly root: string;
  /** Folder with charts; `undefined`: none given. */
  readonly charts: string | undefined;
  /** Path of the Helm binary; asked for only when a rendering is not cached. */
  readonly helm: () => Promise<string>;
  readonly cache: RenderCache;
  /** Output properties known ahead of any provider. @default - none */
  readonly outputs?: (type: string, name: string) => Readonly<Record<string, unknown>>;
}

/** A stack as far as it can be read without the engine. */
export interface ReadStack extends Expansion {
  readonly file: StackFile;
}

/**
 * Runs the program for one stack and expands its charts.
 * @throws StackFileError, ConfigError or whatever else the program says of a bad stack file
 */
export async function readStack(stack: string, surroundings: Surroundings): Promise<ReadStack> {
  const { root, charts, helm, cache, outputs } = surroundings;
  const file = await readStackFile(root, stack);
  if (file.undecidable.length > 0) {
    const undecided = file.undecidable.map((reason) => ({ urn: "", chart: file.file, reason }));
    return { file, resources: [], undecided, charts: [], hooks: [] };
  }
  const recording = await record(program, {
    project: file.project,
    stack,
    config: file.config,
    secretKeys: file.secretKeys,
    ...(outputs === undefined ? {} : { outputs }),
  });
  const expansion = await expandCharts(recording.resources, {
    directory: charts,
    kubernetesVersion,
    helm,
    cache,
  });
  return { file, ...expansion };
}
