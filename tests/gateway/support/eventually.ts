import { setTimeout as sleep } from "node:timers/promises";

/** Asks until `holds`, for ten seconds at most. @returns the last answer */
export async function eventually<T>(
  ask: () => Promise<T>,
  holds: (answer: T) => boolean,
  patience = 10_000,
): Promise<T> {
  const end = performance.now() + patience;
  for (;;) {
    const answer = await ask();
    if (holds(answer) || performance.now() > end) return answer;
    await sleep(50);
  }
}
