import * as path from "node:path";
import { type Leak, type Variant, variantId } from "../../tests/leaks/leak.ts";
import { judgeAll } from "../../tests/leaks/support/judge.ts";
import { type RealStacks, realStacks, stackNames } from "../../tests/leaks/support/stacks.ts";
import { leaks } from "../../tests/leaks/table.ts";
import { ask } from "./ask.ts";
import { type Findings, novel } from "./findings.ts";
import { findingsTable, type Sight } from "./findings-table.ts";
import { isInstalled } from "./install.ts";
import { kubeYaml } from "./kube-yaml.ts";
import { type Peer, peers } from "./peers.ts";
import { writeManifests } from "./write-manifests.ts";

/** One variant of the leak table as a tool of Kubernetes manifests can be asked about it. */
interface Case {
  readonly leak: Leak;
  readonly id: string;
  readonly mutant: string;
  readonly baseline: string;
}

/**
 * Asks every installed tool about every variant of the leak table that shows in a Kubernetes object, beside
 * the unchanged stack: what it says of the leak and not of the stack is what it sees.
 * @param folder an empty folder for the manifests
 */
export async function compareFindings(folder: string, tell: (line: string) => void): Promise<void> {
  const stacks = await realStacks();
  const cases = await writeCases(folder, stacks);
  const folders = [...new Set(cases.flatMap(({ baseline, mutant }) => [baseline, mutant]))];
  const sights: Sight[] = [own(cases, stacks)];
  for (const peer of peers) {
    if (!(await isInstalled(peer))) {
      tell(`${peer.name}: not installed; npm run bench -- --install-peers`);
      continue;
    }
    const start = performance.now();
    const answers = await ask(peer, folders);
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    sights.push(sightOf(peer, cases, answers));
    tell(`${peer.name} ${peer.version}: ${folders.length} folders in ${seconds} s`);
    tell(`  on the unchanged stacks it has ${baselines(cases, answers)} lines to say`);
  }
  for (const line of findingsTable(leaks, new Set(cases.map(({ id }) => id)), sights)) tell(line);
}

async function writeCases(folder: string, stacks: RealStacks): Promise<readonly Case[]> {
  const texts = new Map<string, string>();
  for (const name of stackNames) {
    const text = kubeYaml(stacks[name].graph);
    texts.set(name, text);
    await writeManifests(path.join(folder, "unchanged", name), text);
  }
  const cases: Case[] = [];
  for (const { leak, variant } of variants()) {
    const text = kubeYaml(variant.change(stacks[variant.stack].graph));
    // Nothing that such a tool reads has changed: a leak of the cloud, or of the order of things.
    if (text === texts.get(variant.stack)) continue;
    const mutant = path.join(folder, `${leak.row}-${variant.name}`);
    await writeManifests(mutant, text);
    const baseline = path.join(folder, "unchanged", variant.stack);
    cases.push({ leak, id: variantId(leak, variant), mutant, baseline });
  }
  return cases;
}

function variants(): readonly { readonly leak: Leak; readonly variant: Variant }[] {
  return leaks.flatMap((leak) => leak.variants.map((variant) => ({ leak, variant })));
}

function own(cases: readonly Case[], stacks: RealStacks): Sight {
  const asked = new Set(cases.map(({ id }) => id));
  const caught = judgeAll(leaks, stacks).filter((each) => each.caughtBy.length > 0);
  const seen = new Set(caught.map(({ id }) => id).filter((id) => asked.has(id)));
  return { name: "this project", seen, unanswered: new Set() };
}

function sightOf(
  peer: Peer,
  cases: readonly Case[],
  answers: ReadonlyMap<string, Findings | undefined>,
): Sight {
  const seen = new Set<string>();
  const unanswered = new Set<string>();
  for (const { id, baseline, mutant } of cases) {
    const before = answers.get(baseline);
    const after = answers.get(mutant);
    if (before === undefined || after === undefined) unanswered.add(id);
    else if (novel(before, after).length > 0) seen.add(id);
  }
  return { name: peer.name, seen, unanswered };
}

function baselines(
  cases: readonly Case[],
  answers: ReadonlyMap<string, Findings | undefined>,
): string {
  return [...new Set(cases.map(({ baseline }) => baseline))]
    .map((baseline) => `${path.basename(baseline)} ${answers.get(baseline)?.length ?? "no answer"}`)
    .join(", ");
}
