import { compareText } from "../components/lib/compare-text.ts";
import type { Replica } from "../components/lib/migration/status.ts";

/** A proxy asks four times a second; one that was silent this long is gone, ms. */
export const silence = 10_000;
/** Far more than there are; whoever sends made-up names fills no memory. */
const mostNodes = 500;
const longestName = 253;

interface Seen {
  readonly replica: Replica;
  readonly last: number;
}

/** Which proxy accepted which routes. */
export class Acknowledgements {
  private readonly nodes = new Map<string, Seen>();

  /** @returns whether anything is new */
  note({ node, proxy, version }: { node: string; proxy: string; version: string }, now: Date) {
    const before = this.nodes.get(node);
    if (node === "" || node.length > longestName || proxy.length > longestName) return false;
    if (before === undefined && this.nodes.size >= mostNodes) return false;
    const accepted = version === "" ? null : version.slice(0, longestName);
    const same = before?.replica.version === accepted && before.replica.proxy === proxy;
    const replica = same
      ? before.replica
      : { node, proxy, version: accepted, seen: now.toISOString() };
    this.nodes.set(node, { replica, last: now.getTime() });
    return !same;
  }

  /** Forgets the silent ones. @returns whether there were any */
  forget(now: Date): boolean {
    const gone = [...this.nodes].filter(([, { last }]) => now.getTime() - last > silence);
    for (const [node] of gone) this.nodes.delete(node);
    return gone.length > 0;
  }

  replicas(): readonly Replica[] {
    return [...this.nodes.values()]
      .map(({ replica }) => replica)
      .toSorted((a, b) => compareText(a.node, b.node));
  }
}
