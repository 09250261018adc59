/** Sorted, disjoint, non-adjacent closed intervals; the one form that a set of numbers has here. */
export interface Span<N extends number | bigint> {
  readonly from: N;
  readonly to: N;
}

type Spans<N extends number | bigint> = readonly Span<N>[];

/** What is one step further; numbers and bigints cannot be added to one another. */
export type Next<N> = (value: N) => N;

/** The normal form of intervals in any order, overlapping or not. */
export function normalize<N extends number | bigint>(spans: Spans<N>, next: Next<N>): Spans<N> {
  if (spans.length < 2) return spans;
  const sorted = spans.toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  const merged: Span<N>[] = [];
  for (const span of sorted) {
    const last = merged.at(-1);
    if (last === undefined || span.from > next(last.to)) merged.push(span);
    else if (span.to > last.to) merged[merged.length - 1] = { from: last.from, to: span.to };
  }
  return merged;
}

export function intersect<N extends number | bigint>(a: Spans<N>, b: Spans<N>): Spans<N> {
  const common: Span<N>[] = [];
  let [i, j] = [0, 0];
  for (;;) {
    const [left, right] = [a[i], b[j]];
    if (left === undefined || right === undefined) return common;
    const from = left.from > right.from ? left.from : right.from;
    const to = left.to < right.to ? left.to : right.to;
    if (from <= to) common.push({ from, to });
    if (left.to < right.to) i += 1;
    else j += 1;
  }
}

/** What of `a` is not in `b`; `step` says what is one further and one back. */
export function subtract<N extends number | bigint>(
  a: Spans<N>,
  b: Spans<N>,
  step: { readonly next: Next<N>; readonly previous: Next<N> },
): Spans<N> {
  const left: Span<N>[] = [];
  for (const span of a) {
    let from = span.from;
    let open = true;
    for (const cut of b) {
      if (cut.to < from) continue;
      if (cut.from > span.to) break;
      if (cut.from > from) left.push({ from, to: step.previous(cut.from) });
      if (cut.to >= span.to) {
        open = false;
        break;
      }
      from = step.next(cut.to);
    }
    if (open) left.push({ from, to: span.to });
  }
  return left;
}
