import { servedCheckpoint } from "../../components/lib/models/checkpoint.ts";
import { parseStack } from "../../infra/config/parse.ts";
import { rawStack } from "../../infra/config/raw-stack.ts";
import { repositoryFiles } from "../../infra/config/repository-file.ts";
import { exampleEntries, readLock } from "../../infra/lock.ts";
import { unusedImages } from "../../infra/unused-images.ts";
import { exampleManifests, readWeightsLock } from "../../infra/weights-lock.ts";
import { type CheckSurroundings, reportOf } from "../check.ts";
import type { StackReport } from "../report/stack-report.ts";
import { verdictOf } from "../report/stack-report.ts";
import { readStack } from "../stack/read-stack.ts";
import { StackFileError } from "../stack-file.ts";
import { billOfMaterials } from "./bill-of-materials.ts";
import { type RenderedFile, renderedFiles } from "./files.ts";
import { planObjects, randomOutputs } from "./plan.ts";

export type Rendering =
  | {
      readonly kind: "rendered";
      readonly files: readonly RenderedFile[];
      readonly report: StackReport;
    }
  /** Violated or undecided: nothing is written down that nobody may deploy. */
  | { readonly kind: "refused"; readonly report: StackReport };

/**
 * The Kubernetes objects of a stack as files, with its bill of materials.
 * @throws StackFileError where the stack is of layer cluster or its digests were never read
 */
export async function renderStack(
  stack: string,
  surroundings: CheckSurroundings,
): Promise<Rendering> {
  const start = performance.now();
  const read = await readStack(stack, { ...surroundings, outputs: randomOutputs });
  const { file, resources, charts } = read;
  const report = reportOf(read, surroundings.today, performance.now() - start);
  if (verdictOf(report) !== "clean") return { kind: "refused", report };
  const config = parseStack(rawStack(file.config, file.project), file.project, repositoryFiles);
  if (config.layer === "cluster") {
    throw new StackFileError(
      `${file.file}: layer cluster makes cloud resources and no Kubernetes objects; render the platform stack on it`,
    );
  }
  const lock = readLock();
  const examples = [
    ...exampleEntries(lock, unusedImages(config)),
    ...exampleManifests(readWeightsLock()),
  ];
  if (config.cluster.kind !== "local" && examples.length > 0) {
    throw new StackFileError(
      `stacks/digests.lock.json, stacks/weights.lock.json: ${examples.length} entries are examples that no registry was asked for, such as ${examples[0]}; run npm run lock on a connected machine, then render`,
    );
  }
  const models = config.models.map((model) => servedCheckpoint(model).repository);
  const bill = billOfMaterials(resources, charts, [...new Set(models)], lock);
  const files = renderedFiles(planObjects(resources), bill, resources);
  return { kind: "rendered", files, report };
}
