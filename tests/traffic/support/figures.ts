/** 99.9 % of samples of a binomial distribution lie within so many of its standard deviations. */
const deviations = 3.2905;

export interface Bound {
  readonly lowest: number;
  readonly highest: number;
}

/** How many of `count` requests a share of `percent` may turn out to be. */
export function binomialBound(count: number, percent: number): Bound {
  const share = percent / 100;
  // Half a request: the counts are whole, the distribution that stands for theirs is not.
  const width = deviations * Math.sqrt(count * share * (1 - share)) + 0.5;
  return { lowest: count * share - width, highest: count * share + width };
}

/** The value that the share `rank` of the values does not exceed. */
export function percentile(values: readonly number[], rank: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * rank) - 1)] ?? Number.NaN;
}
