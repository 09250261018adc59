import type { DesiredClass } from "../components/lib/migration/desired.ts";
import type { Weights } from "../components/lib/migration/task-class.ts";

/** What is wrong with shares of a class; `undefined` where nothing is. */
export function sharesFault(desired: DesiredClass, weights: Weights): string | undefined {
  const names = desired.backends.map(({ name }) => name);
  const foreign = Object.keys(weights).find((name) => !names.includes(name));
  if (foreign !== undefined) {
    return `"${foreign}" is no backend of class ${desired.name}; name one of ${names.join(", ")}`;
  }
  const odd = Object.entries(weights).find(
    ([, share]) => !Number.isInteger(share) || share < 0 || share > 100,
  );
  if (odd !== undefined) return `${odd[0]}=${odd[1]} is no whole percentage from 0 to 100`;
  const sum = Object.values(weights).reduce((total, share) => total + share, 0);
  if (sum !== 100) return `the shares add up to ${sum} percent; they have to add up to 100`;
  return undefined;
}

/** Every backend of the class, those not mentioned with 0. */
export function allShares(desired: DesiredClass, weights: Weights): Record<string, number> {
  return Object.fromEntries(desired.backends.map(({ name }) => [name, weights[name] ?? 0]));
}

/** Whether requests of the class may leave, so that its routes can change at run time. */
export function isOpen({ dataClass }: DesiredClass): boolean {
  return dataClass === "public";
}
