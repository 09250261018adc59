/** Calendar day of a moment as `2026-12-31`, in UTC, so that it is the same on every machine. */
export function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}
