/** The sentences of the checks that are violated. */
export function faults(
  ...checks: readonly (readonly [violated: boolean, fault: string])[]
): string[] {
  return checks.flatMap(([violated, fault]) => (violated ? [fault] : []));
}

/** A number of nodes. */
export function countFault(owner: string, count: number): readonly [boolean, string] {
  return [
    !Number.isInteger(count) || count < 1,
    `${owner}: count ${count} is not a whole number from 1`,
  ];
}
