import test from "ava";
import { graphOf } from "../../policies/model/graph.ts";
import { unknown } from "../../policies/model/value.ts";
import { rules } from "../../policies/rules.ts";
import { evaluate } from "../../policies/runner.ts";
import { irrelevantLeaves } from "./irrelevant-leaves.ts";
import { covers } from "./support/covers.ts";
import { distinctLeaves, hollows, type Leaf, liesIn, replaced } from "./support/leaves.ts";
import { realStacks } from "./support/stacks.ts";
import { suspiciousLeaves } from "./suspicious-leaves.ts";

const leaves = distinctLeaves(await realStacks());
const byLevel = Object.groupBy(rules, (rule) => rule.level);

const known = new Map<Leaf, boolean>();

function isRed(leaf: Leaf): boolean {
  const red = known.get(leaf) ?? turnsRed(leaf);
  known.set(leaf, red);
  return red;
}

/** Rules that see one object see this one alone; the rest of the graph is clean, and they would say the same of it. */
function turnsRed(leaf: Leaf): boolean {
  const { graph, settings } = leaf.stack;
  const changed = replaced(leaf, unknown);
  const whole = () => graph.map((resource) => (resource === leaf.resource ? changed : resource));
  return [
    () => evaluate(graphOf([changed]), settings, byLevel.resource ?? []),
    () => evaluate(graphOf(whole()), settings, byLevel.stack ?? []),
  ].some((run) => run().findings.some((found) => found.enforcement === "mandatory"));
}

function shown({ kind, path }: Leaf): string {
  return `${kind} ${path}`;
}

function isIrrelevant(leaf: Leaf): boolean {
  return irrelevantLeaves.some((entry) => covers(entry, leaf));
}

test("an unknown anywhere in the real stacks is refused, unless it is said why it does not matter", (t) => {
  t.timeout(10 * 60_000);
  const silent = new Set(
    leaves
      .filter((leaf) => !isIrrelevant(leaf))
      .filter((leaf) => !isRed(leaf))
      .map(shown),
  );
  t.deepEqual([...silent].toSorted(), Object.keys(suspiciousLeaves).toSorted());
  t.true(leaves.length > 800, `only ${leaves.length} values were tried`);
});

test("an unknown list or object is refused wherever something inside it is", (t) => {
  t.timeout(10 * 60_000);
  const red = leaves.filter(isRed);
  const silent = hollows(leaves)
    .filter((hollow) => red.some((leaf) => liesIn(leaf, hollow)))
    .filter((hollow) => !isRed(hollow))
    // One unreadable file of a Secret is refused for its name; as a whole any Secret may be encrypted.
    .filter(({ path }) => path !== "stringData");
  t.deepEqual(silent.map(shown), []);
  t.true(red.length > 200);
});

test("every reason for leaving a value alone speaks of a value that exists", (t) => {
  const idle = irrelevantLeaves.flatMap((entry) =>
    entry.paths
      .filter((path) => !leaves.some((leaf) => covers({ ...entry, paths: [path] }, leaf)))
      .map((path) => `${entry.kinds.join(", ")}: ${path}`),
  );
  t.deepEqual(idle, []);
});

/** Where a value may decide what leaves, an exception names it to the letter. */
const guarded = [
  /^[^/]+\/(?:Deployment|DaemonSet|StatefulSet|Job|CronJob|Pod) spec\.(?:template\.)?spec\.(?:initC|c)ontainers/,
  /^[^/]+\/NetworkPolicy spec/,
  /^(?:[^/]+\/)?(?:Cluster)?Role rules/,
  /^[^/]+\/Service spec/,
  /^aws:ec2\/(?:route|vpcEndpoint|securityGroup|defaultSecurityGroup)[^ ]* /,
  /^aws:vpc\/securityGroup[^ ]* /,
];

test("no exception for walls, rights and containers holds more than the values it names", (t) => {
  const wide = leaves.filter((leaf) => guarded.some((pattern) => pattern.test(shown(leaf))));
  const broad = irrelevantLeaves.flatMap((entry) =>
    entry.paths
      .filter((path) => path.includes("*"))
      .filter((path) => wide.some((leaf) => covers({ ...entry, paths: [path] }, leaf))),
  );
  t.deepEqual(broad, []);
  t.true(wide.length > 100);
});
