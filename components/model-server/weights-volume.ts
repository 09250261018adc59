/** Room for the next revision beside the running one, and for file system overhead. */
const factor = 2.2;

/**
 * Size of a model's volume, GiB.
 * @param weightsGb size of the weights, GB (decimal)
 */
export function weightsVolumeGib(weightsGb: number): number {
  return Math.ceil((weightsGb * factor * 1e9) / 2 ** 30);
}
