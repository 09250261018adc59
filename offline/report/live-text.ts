import type { ForeignObject, LiveFacts, StackReport } from "./stack-report.ts";

/** Lines of a list in a text; the other formats hold it whole. */
const longest = 50;

/** What a running cluster holds beside what stacks made; empty for anything else. */
export function liveText({ live }: StackReport): string {
  if (live === undefined) return "";
  return [counts(live), drift(live), differing(live), foreign(live)]
    .filter((part) => part !== "")
    .join("\n\n");
}

function counts({ found, byStack, clustersOwn, foreign: others }: LiveFacts): string {
  return `Objects:\n    ${found} read: ${byStack} made by stacks, ${clustersOwn} by Kubernetes itself, ${others.length} by somebody else`;
}

function drift({ drift: nodes }: LiveFacts): string {
  return nodes.length === 0 ? "" : shown("Nodes that are not as in the inventory:", nodes);
}

function differing({ differing: objects }: LiveFacts): string {
  if (objects.length === 0) return "";
  return shown(
    "Differs from what it was made from:",
    objects.map(({ object, owner, fields }) => `${object}: ${fields.join(", ")} (${owner})`),
  );
}

function foreign({ foreign: objects }: LiveFacts): string {
  if (objects.length === 0) return "";
  return shown("Not made by a stack:", objects.map(line));
}

function line({ object, managers, created }: ForeignObject): string {
  const by = managers.length === 0 ? "somebody unknown" : managers.join(", ");
  return `${object} (by ${by}${created === "" ? "" : `, ${created.slice(0, 10)}`})`;
}

function shown(title: string, lines: readonly string[]): string {
  const rest = lines.length - longest;
  return [
    title,
    ...lines.slice(0, longest).map((each) => `    - ${each}`),
    ...(rest > 0 ? [`    and ${rest} more; --format json lists them all`] : []),
  ].join("\n");
}
