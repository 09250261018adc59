/** Counts per bucket, in Prometheus' sense: an upper bound belongs to its bucket. */
export class Histogram {
  readonly bounds: readonly number[];
  readonly #counts: Float64Array;
  #sum = 0;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.#counts = new Float64Array(bounds.length + 1);
  }

  observe(value: number): void {
    let at = 0;
    while (at < this.bounds.length && value > (this.bounds[at] ?? Infinity)) at++;
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    this.#sum += value;
  }

  get sum(): number {
    return this.#sum;
  }

  /** One figure per bound, and the count of all. */
  cumulative(): readonly number[] {
    let total = 0;
    return Array.from(this.#counts, (count) => (total += count));
  }
}

/** 1, 2, 5, 10, … up to `max`: the engine's bounds for numbers of tokens. */
export function tokenBounds(max: number): readonly number[] {
  const bounds: number[] = [];
  for (let power = 1; power <= max; power *= 10) {
    bounds.push(...[1, 2, 5].map((digit) => digit * power).filter((bound) => bound <= max));
  }
  return bounds;
}
