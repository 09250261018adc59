import { readFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { readManifests } from "../../offline/manifests/read.ts";
import { analyze } from "../../policies/egress/analyze.ts";
import type { AnalysisError } from "../../policies/egress/result.ts";
import { graphOf } from "../../policies/model/graph.ts";
import { vectorPath, withVectors } from "./support/vector-folder.ts";
import { faults } from "./vectors/malformed.ts";

const folder = "nca-malformed";
const vectorTest = withVectors(folder);

const scheme = z.object({
  networkConfigList: z.array(
    z.strictObject({
      name: z.string(),
      networkPolicyList: z.tuple([z.string()]),
      expectedError: z.literal([0, 1]),
    }),
  ),
});

interface Expectation {
  readonly file: string;
  readonly refused: boolean;
}

async function expectations(): Promise<readonly Expectation[]> {
  const name = "network-policy-check-bad-path-scheme.yaml";
  const text = await readFile(vectorPath(path.join(folder, name)), "utf8");
  return scheme
    .parse(parse(text))
    .networkConfigList.map(({ networkPolicyList: [file], expectedError }) => ({
      file,
      refused: expectedError === 1,
    }));
}

/** What is wrong with a file: what the reader of manifests cannot read, and what the analysis cannot. */
async function refusals(file: string): Promise<readonly AnalysisError[]> {
  const { resources, problems } = await readManifests(vectorPath(path.join(folder, file)));
  const unread = problems.map(({ reason }) => ({ object: file, path: "", reason }));
  return [...unread, ...analyze(graphOf(resources).objects).report().errors];
}

vectorTest("87 expectations of malformed policies are refusals and 2 are not", async (t) => {
  const found = { refused: 0, accepted: 0 };
  const wrong: string[] = [];
  for (const { file, refused } of await expectations()) {
    const problems = await refusals(file);
    if (problems.length > 0 !== refused) wrong.push(file);
    found[problems.length > 0 ? "refused" : "accepted"] += 1;
  }
  t.log(`${found.refused} refused, ${found.accepted} accepted`);
  t.deepEqual(wrong, []);
  t.deepEqual(found, { refused: 87, accepted: 2 });
});

vectorTest("every refusal of a malformed policy names the field at fault", async (t) => {
  const unnamed: string[] = [];
  for (const { file, refused } of await expectations()) {
    const fault = faults[file.replace(/\.yaml$/, "")];
    if (!refused) continue;
    if (fault === undefined) {
      unnamed.push(`${file} has no row in the table`);
      continue;
    }
    const problems = await refusals(file);
    const named = problems.some(
      (each) =>
        each.path.startsWith(fault.within) && `${each.path} ${each.reason}`.includes(fault.names),
    );
    const said = problems.map((each) => `${each.path}: ${each.reason}`).join("; ");
    if (!named) unnamed.push(`${file} needs ${fault.within} ${fault.names}, says: ${said}`);
  }
  t.deepEqual(unnamed, []);
});

vectorTest("an error about a malformed policy says which object, where and why", async (t) => {
  for (const { file, refused } of await expectations()) {
    if (!refused) continue;
    for (const { object, reason } of await refusals(file)) {
      t.regex(object, /^(NetworkPolicy .+|.+\.yaml)$/, file);
      t.not(reason, "", file);
    }
  }
});

vectorTest("the table of faults holds no file that the corpus does not have", async (t) => {
  const files = new Set((await expectations()).map(({ file }) => file.replace(/\.yaml$/, "")));
  t.deepEqual(
    Object.keys(faults).filter((name) => !files.has(name)),
    [],
  );
});
