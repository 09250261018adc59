import { type Leak, variantId } from "../../tests/leaks/leak.ts";

/** What one tool sees of the leak table, by ids of variants. */
export interface Sight {
  readonly name: string;
  readonly seen: ReadonlySet<string>;
  /** The tool broke down, or took too long. */
  readonly unanswered: ReadonlySet<string>;
}

/**
 * A table in Markdown, one line for each row of the leak table, and the sums.
 * @param asked ids of the variants that the tools were asked about
 * @param sights our own first
 */
export function findingsTable(
  leaks: readonly Leak[],
  asked: ReadonlySet<string>,
  sights: readonly Sight[],
): readonly string[] {
  const rows = leaks.map((leak) => ({ leak, ids: askedOf(leak, asked) }));
  const open = rows.filter(({ ids }) => ids.length > 0);
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const sum = (title: string, count: (sight: Sight) => number, whole: number) =>
    line(["", title, String(whole), ...sights.map((sight) => String(count(sight)))]);
  const rowsWith = (sight: Sight, wanted: Share) =>
    open.filter(({ ids }) => share(ids, sight) === wanted).length;
  return [
    line(["row", "leak", "asked", ...sights.map(({ name }) => name)]),
    line(["--:", "---", "--:", ...sights.map(() => "---")]),
    ...open.map(({ leak, ids }) =>
      line([
        String(leak.row),
        leak.title,
        String(ids.length),
        ...sights.map((sight) => cell(ids, sight)),
      ]),
    ),
    sum("variants seen", ({ seen }) => seen.size, asked.size),
    sum("variants without an answer", ({ unanswered }) => unanswered.size, asked.size),
    sum("rows seen in all variants", (sight) => rowsWith(sight, "all"), open.length),
    sum("rows seen in some", (sight) => rowsWith(sight, "some"), open.length),
    sum("rows seen in none", (sight) => rowsWith(sight, "none"), open.length),
    "",
    `seen by others and not by ${sights[0]?.name}: ${seenByOthers(sights)}`,
    `not Kubernetes: not asked: ${unasked(leaks, asked)}`,
  ];
}

type Share = "all" | "some" | "none";

function askedOf(leak: Leak, asked: ReadonlySet<string>): readonly string[] {
  return leak.variants.map((variant) => variantId(leak, variant)).filter((id) => asked.has(id));
}

function share(ids: readonly string[], { seen }: Sight): Share {
  const found = ids.filter((id) => seen.has(id)).length;
  if (found === 0) return "none";
  return found === ids.length ? "all" : "some";
}

function cell(ids: readonly string[], sight: Sight): string {
  const found = ids.filter((id) => sight.seen.has(id)).length;
  const broken = ids.filter((id) => sight.unanswered.has(id)).length;
  const counted = share(ids, sight) === "some" ? `some (${found})` : share(ids, sight);
  return broken === 0 ? counted : `${counted}, no answer ${broken}`;
}

/** "10/one (checkov)", so that nobody has to look for what we miss. */
function seenByOthers([own, ...others]: readonly Sight[]): string {
  const ids = new Set(others.flatMap(({ seen }) => [...seen]).filter((id) => !own?.seen.has(id)));
  const by = (id: string) => others.filter(({ seen }) => seen.has(id)).map(({ name }) => name);
  return [...ids].map((id) => `${id} (${by(id).join(", ")})`).join("; ") || "nothing";
}

/** "5/one, 8/two", and rows for which no change of a stack can stand. */
function unasked(leaks: readonly Leak[], asked: ReadonlySet<string>): string {
  const ids = leaks.flatMap((leak) => leak.variants.map((variant) => variantId(leak, variant)));
  const without = leaks.filter(({ variants }) => variants.length === 0).map(({ row }) => row);
  const left = ids.filter((id) => !asked.has(id));
  return `${left.length} variants (${left.join(", ")}); without variants: rows ${without.join(", ")}`;
}
