import test from "ava";
import { dataPlaneStack } from "../../deploy/data-plane/ensure.ts";
import { stackConfig } from "../../deploy/stack-config.ts";
import { readStackFile } from "../../offline/stack-file.ts";
import { repository } from "../support/repository-copy.ts";

test("a model that no task class asks needs no stand-in, since the gateway has no key of it", async (t) => {
  const config = stackConfig(await readStackFile(repository, "dev"));
  if (config.layer !== "platform") throw new Error("dev is a platform");
  const [model] = config.models;
  if (model === undefined) throw new Error("dev has a model");
  const more = { ...config, models: [model, { ...model, name: "unasked" }] };
  t.deepEqual(dataPlaneStack(more)?.models, [model.name]);
});
