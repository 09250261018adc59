import { z } from "zod";
import { catalogue } from "../../components/lib/models/catalogue.ts";
import type { FitSubject } from "./fit.ts";
import { modelShapeOf } from "./models.ts";
import { ownModels } from "./own-models.ts";
import { parseStack } from "./parse.ts";
import { clusterSchema, gpuNodes, gpuOperatorSchema } from "./platform.ts";
import type { ReadFile } from "./repository-file.ts";

/**
 * The parts of a stack that its fit depends on, also where the stack does not fit and parsing refuses it.
 * `undefined`: a stack of layer cluster, which serves no model.
 * @throws ConfigError where one of these parts cannot be read
 */
export function fitSubject(
  raw: Readonly<Record<string, unknown>>,
  project: string,
  readFile: ReadFile,
): FitSubject | undefined {
  const own = ownModels(raw["catalogue"], readFile);
  const cluster = clusterSchema.safeParse(raw["cluster"]);
  const models = z
    .array(modelShapeOf({ ...catalogue, ...own.models }))
    .min(1)
    .safeParse(raw["models"]);
  const driver = gpuOperatorSchema.safeParse(raw["gpuOperator"]);
  if (
    raw["layer"] === "platform" &&
    own.faults.length === 0 &&
    cluster.success &&
    models.success &&
    driver.success
  ) {
    return { models: models.data, pool: gpuNodes(cluster.data), driver: driver.data };
  }
  const stack = parseStack(raw, project, readFile);
  if (stack.layer === "cluster") return undefined;
  throw new Error(
    "unreachable: a platform stack that parses has a cluster, models and a GPU operator",
  );
}
