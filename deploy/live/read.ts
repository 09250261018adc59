import type { Undecided } from "../../offline/report/stack-report.ts";
import type { Progress } from "../../tools/cluster/progress.ts";
import type { KubeClient } from "../api/client.ts";
import { discover } from "./discover.ts";
import { type Found, foundObject } from "./found.ts";
import { listAll } from "./list.ts";

/** What a cluster holds, as far as it can be read. */
export interface LiveCluster {
  /** Every object of every kind that says something; in the order of the server. */
  readonly found: readonly Found[];
  /** Kinds of which nothing is known, with the reason. */
  readonly unread: readonly UnreadKind[];
}

export interface UnreadKind extends Undecided {
  /** `undefined` where a whole part of the API did not answer. */
  readonly kind: string | undefined;
}

/**
 * Reads a cluster and changes nothing in it.
 * @throws DeployError where the server does not answer or does not say what it serves
 */
export async function readCluster(client: KubeClient, progress: Progress): Promise<LiveCluster> {
  progress.tick(`asking ${client.server} what it serves`);
  const { kinds, undecided } = await discover(client);
  const found: Found[] = [];
  const unread: UnreadKind[] = undecided.map((each) => ({ ...each, kind: undefined }));
  for (const [index, kind] of kinds.entries()) {
    progress.tick(`reading ${kind.plural} (${index + 1} of ${kinds.length} kinds)`);
    const subject = `${kind.kind} (${kind.apiVersion})`;
    const listing = await listAll(client, kind);
    if ("reason" in listing) {
      unread.push({ subject, reason: listing.reason, kind: kind.kind });
      continue;
    }
    const objects = listing.objects.map((item) => foundObject(item, kind.apiVersion, kind.kind));
    const known = objects.filter((each) => each !== undefined);
    found.push(...known);
    if (known.length === objects.length) continue;
    unread.push({ subject, reason: "is no kind that rules can read", kind: kind.kind });
  }
  return { found, unread };
}
