import * as path from "node:path";
import { binaryOf, isInstalled } from "./install.ts";
import { generatedManifests, objectsIn } from "./manifests.ts";
import { type Peer, peers } from "./peers.ts";
import { type Run, runCommand, TimeOver } from "./run-command.ts";
import { writeManifests } from "./write-manifests.ts";

/** Longest time for one run of one tool, seconds; a slower one is told as such. */
const limit = 120;
/** A run as long as this is not repeated: chance is small beside it, seconds. */
const long = 30;

/**
 * Our own command over the same folder, and each peer that is installed: median of `runs`. A tool that
 * was too slow is not asked about more than that.
 * @param sizes numbers of Deployments, ascending
 */
export async function compareTimes(
  folder: string,
  sizes: readonly number[],
  runs: number,
  egress: (folder: string) => readonly string[],
  tell: (line: string) => void,
): Promise<void> {
  const present = await Promise.all(peers.map(isInstalled));
  const slow = new Set<Peer>();
  for (const size of sizes) {
    const place = path.join(folder, String(size));
    await writeManifests(place, generatedManifests(size));
    tell(`N = ${size}: ${objectsIn(size)} objects`);
    const own = await median(runs, () => runOwn(egress(place)));
    tell(
      row("egress (this project)", own, own, "egress and ingress in the cluster, IPv4 and IPv6"),
    );
    for (const [index, peer] of peers.entries()) {
      const name = `${peer.name} ${peer.version}`;
      if (present[index] !== true) {
        tell(`  ${name.padEnd(32)}not installed; npm run bench -- --install-peers`);
      } else if (slow.has(peer)) {
        tell(`  ${name.padEnd(32)}not asked, since fewer objects took it more than ${limit} s`);
      } else {
        const run = await median(runs, () => runPeer(peer, place)).catch(told);
        if (run === "time over") slow.add(peer);
        tell(
          typeof run === "string"
            ? `  ${name.padEnd(32)}${run === "time over" ? `more than ${limit} s` : run}`
            : row(name, run, own, peer.question),
        );
      }
    }
  }
}

async function runOwn(command: readonly string[]): Promise<Run> {
  const run = await runCommand(command, limit);
  if (run.code !== 0) throw new Error(`egress ended with ${run.code}: ${run.stdout.slice(-400)}`);
  return run;
}

/** A tool that breaks down early must not be praised for its speed. */
async function runPeer(peer: Peer, place: string): Promise<Run> {
  const run = await runCommand(peer.command(binaryOf(peer), place), limit);
  peer.findings(run.stdout);
  return run;
}

function told(error: unknown): string {
  if (error instanceof TimeOver) return "time over";
  const [first = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
  return `no answer: ${first}`;
}

function row(name: string, run: Run, own: Run, question: string): string {
  return [
    `  ${name.padEnd(32)}`,
    `${run.seconds.toFixed(2)} s`.padStart(9),
    `${(run.seconds / own.seconds).toFixed(2)} x`.padStart(9),
    `${run.peakMib.toFixed(0)} MiB`.padStart(10),
    `  ${question}`,
  ].join("");
}

async function median(runs: number, once: () => Promise<Run>): Promise<Run> {
  const all: Run[] = [];
  while (all.length < runs && !all.some(({ seconds }) => seconds > long)) all.push(await once());
  const middle = all.toSorted((a, b) => a.seconds - b.seconds)[Math.floor(all.length / 2)];
  if (middle === undefined) throw new Error("nothing was measured");
  return middle;
}
