import type { RecordedResource } from "../recorder.ts";

/** One line of a preview. */
interface Line {
  readonly type: string;
  readonly name: string;
}

/** The resources as `pulumi preview` shows them: a tree of types, with names in a column of their own. */
export function previewTree(
  project: string,
  stack: string,
  resources: readonly RecordedResource[],
): string {
  const lines: Line[] = [{ type: "pulumi:pulumi:Stack", name: `${project}-${stack}` }];
  const byParent = Map.groupBy(resources, (resource) => resource.parent);
  append(lines, byParent, undefined, "");
  const width = Math.max(...lines.map((line) => line.type.length)) + 2;
  const rows = lines.map(({ type, name }) => ` +   ${type.padEnd(width)}${name}`);
  return [`     ${"Type".padEnd(width)}Name`, ...rows].join("\n");
}

function append(
  lines: Line[],
  byParent: ReadonlyMap<string | undefined, readonly RecordedResource[]>,
  parent: string | undefined,
  indent: string,
): void {
  const children = (byParent.get(parent) ?? []).toSorted(byTypeAndName);
  for (const [index, child] of children.entries()) {
    const last = index === children.length - 1;
    lines.push({ type: `${indent}${last ? "└─ " : "├─ "}${child.type}`, name: child.name });
    append(lines, byParent, child.urn, `${indent}${last ? "   " : "│  "}`);
  }
}

/** Registration order depends on timing; a report must not. */
function byTypeAndName(a: RecordedResource, b: RecordedResource): number {
  return a.type < b.type
    ? -1
    : a.type > b.type
      ? 1
      : a.name < b.name
        ? -1
        : a.name > b.name
          ? 1
          : 0;
}
