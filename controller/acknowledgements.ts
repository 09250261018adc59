import { openGateway } from "../components/gateway/names.ts";
import { compareText } from "../components/lib/compare-text.ts";
import type { Replica } from "../components/lib/migration/status.ts";

/** A proxy asks two to four times a second. One that clients are sent to is waited for this long, ms. */
export const silence = 10_000;
/** One that clients are not sent to, ms: it starts, or it has ended, and nobody has to wait for it. */
export const silenceOfGone = 2_000;
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
  /** Pods that clients may be sent to. `undefined`: nobody knows. */
  private ready: ReadonlySet<string> | undefined;

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

  /** Takes up which pods clients may be sent to. */
  expect(ready: ReadonlySet<string> | undefined): void {
    this.ready = ready;
  }

  /** Forgets the silent ones. @returns whether there were any */
  forget(now: Date): boolean {
    const { ready } = this;
    const gone = [...this.nodes].filter(([node, { last }]) => {
      const patience = ready === undefined || ready.has(node) ? silence : silenceOfGone;
      return now.getTime() - last > patience;
    });
    for (const [node] of gone) this.nodes.delete(node);
    return gone.length > 0;
  }

  /** A pod that clients are sent to and that does not ask counts too: it has what nobody knows. */
  replicas(): readonly Replica[] {
    const seen = [...this.nodes.values()].map(({ replica }) => replica);
    const silent = [...(this.ready ?? [])]
      .filter((node) => !this.nodes.has(node))
      .map((node) => ({ node, proxy: openGateway, version: null, seen: null }));
    return [...seen, ...silent].toSorted((a, b) => compareText(a.node, b.node));
  }
}
