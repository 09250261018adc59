import { mkdir, readFile, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { surroundings } from "../../../cli/support/surroundings.ts";
import { probeContainer } from "../../../components/isolation/probe/pod.ts";
import type { CheckSurroundings } from "../../../offline/check.ts";
import { repository } from "../../support/repository-copy.ts";

/** What a probe needs to be told; the rest has defaults. */
export const smallest = { targets: [{ address: "198.51.100.10" }] };

const policies = z.looseObject({ containers: z.array(z.string()).optional() }).prefault({});
const stackFile = z.object({ config: z.record(z.string(), z.unknown()) });

/**
 * A stack of the repository with a probe whose container it names, in a folder of its own.
 * @param root folder to write into
 * @param probe value of `private-llm:probe`
 */
export async function stackWithProbe(
  root: string,
  stack: string,
  probe: unknown = smallest,
): Promise<CheckSurroundings> {
  await mkdir(path.join(root, "stacks"), { recursive: true });
  const project = await readFile(path.join(repository, "Pulumi.yaml"), "utf8");
  await writeFile(path.join(root, "Pulumi.yaml"), project);
  const file = `stacks/Pulumi.${stack}.yaml`;
  const text = await readFile(path.join(repository, file), "utf8");
  const { config } = stackFile.parse(parse(text));
  const changed = {
    config: {
      ...config,
      "private-llm:probe": probe,
      "private-llm:policies": policiesOf(config["private-llm:policies"]),
    },
  };
  await writeFile(path.join(root, file), stringify(changed));
  const charts = path.join(repository, "tests/fixtures/charts");
  return { ...(await surroundings(charts)), root };
}

function policiesOf(given: unknown): unknown {
  const { containers = [], ...others } = policies.parse(given);
  return { ...others, containers: [...containers, probeContainer] };
}
