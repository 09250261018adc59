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
 * Our own command over the same folder, and each peer that is installed: medians of `runs`. Each peer takes
 * turns with our own command, since other work on the machine would bend one and not the other. A peer
 * that was too slow is not asked about more than that.
 * @param sizes numbers of Deployments, ascending
 */
export async function compareTimes(
  folder: string,
  sizes: readonly number[],
  runs: number,
  egress: (folder: string) => readonly string[],
  tell: (line: string) => void,
): Promise<void> {
  const slow = new Set<Peer>();
  for (const size of sizes) {
    const place = path.join(folder, String(size));
    await writeManifests(place, generatedManifests(size));
    tell(`N = ${size}: ${objectsIn(size)} objects`);
    const once = () => runOwn(egress(place));
    const { own } = await inTurns(runs, once, once);
    tell(line("egress (this project)", own, own, "egress and ingress in the cluster"));
    for (const peer of peers) tell(await comparePeer(peer, place, runs, once, slow));
  }
}

async function comparePeer(
  peer: Peer,
  place: string,
  runs: number,
  once: () => Promise<Run>,
  slow: Set<Peer>,
): Promise<string> {
  const name = `${peer.name} ${peer.version}`;
  const said = (what: string) => `  ${name.padEnd(32)}${what}`;
  if (!(await isInstalled(peer))) return said("not installed; npm run bench -- --install-peers");
  if (slow.has(peer)) return said(`not asked, since fewer objects took it more than ${limit} s`);
  try {
    const { own, other } = await inTurns(runs, once, () => runPeer(peer, place));
    return line(name, other, own, peer.question);
  } catch (error) {
    if (error instanceof OwnFailure) throw error;
    if (!(error instanceof TimeOver)) return said(`no answer: ${firstLine(error)}`);
    slow.add(peer);
    return said(`more than ${limit} s`);
  }
}

/** What is wrong with this project is no answer of a peer. */
class OwnFailure extends Error {
  override readonly name = "OwnFailure";
}

async function runOwn(command: readonly string[]): Promise<Run> {
  const run = await runCommand(command, limit).catch((error: unknown) => {
    throw new OwnFailure(firstLine(error));
  });
  if (run.code !== 0)
    throw new OwnFailure(`egress ended with ${run.code}: ${run.stdout.slice(-400)}`);
  return run;
}

/** A tool that breaks down early must not be praised for its speed. */
async function runPeer(peer: Peer, place: string): Promise<Run> {
  const run = await runCommand(peer.command(binaryOf(peer), place), limit);
  peer.findings(run.stdout);
  return run;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}

function line(name: string, run: Run, own: Run, question: string): string {
  return [
    `  ${name.padEnd(32)}`,
    `${run.seconds.toFixed(2)} s`.padStart(9),
    `${(run.seconds / own.seconds).toFixed(2)} x`.padStart(9),
    `${run.peakMib.toFixed(0)} MiB`.padStart(10),
    `  ${question}`,
  ].join("");
}

async function inTurns(
  runs: number,
  own: () => Promise<Run>,
  other: () => Promise<Run>,
): Promise<{ readonly own: Run; readonly other: Run }> {
  const owns: Run[] = [];
  const others: Run[] = [];
  while (others.length < runs && !others.some(({ seconds }) => seconds > long)) {
    owns.push(await own());
    others.push(await other());
  }
  return { own: median(owns), other: median(others) };
}

function median(all: readonly Run[]): Run {
  const middle = all.toSorted((a, b) => a.seconds - b.seconds)[Math.floor(all.length / 2)];
  if (middle === undefined) throw new Error("nothing was measured");
  return middle;
}
