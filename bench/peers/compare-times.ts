import { mkdir, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { binaryOf, isInstalled } from "./install.ts";
import { generatedManifests, objectsIn } from "./manifests.ts";
import { conftestRule, peers } from "./peers.ts";
import { type Run, runCommand } from "./run-command.ts";

/** Longest time for one run of one tool, seconds; a slower one is told as such. */
const limit = 120;

/** A folder with one file of manifests, and what conftest needs beside it. */
export async function writeManifests(folder: string, text: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, "all.yaml"), text);
  await mkdir(`${folder}.rego`, { recursive: true });
  await writeFile(path.join(`${folder}.rego`, "rule.rego"), conftestRule);
}

/** Our own command over the same folder, and each peer that is installed: median of `runs`. */
export async function compareTimes(
  folder: string,
  sizes: readonly number[],
  runs: number,
  egress: (folder: string) => readonly string[],
  tell: (line: string) => void,
): Promise<void> {
  for (const size of sizes) {
    const place = path.join(folder, String(size));
    await writeManifests(place, generatedManifests(size));
    tell(`N = ${size}: ${objectsIn(size)} objects`);
    const own = await median(runs, () => runCommand(egress(place), limit));
    tell(
      row("egress (this project)", own, own, "egress and ingress in the cluster, IPv4 and IPv6"),
    );
    for (const peer of peers) {
      if (!(await isInstalled(peer))) {
        tell(`  ${peer.name.padEnd(26)}not installed; npm run bench -- --install-peers`);
        continue;
      }
      const command = peer.command(binaryOf(peer), place);
      const run = await median(runs, () => runCommand(command, limit)).catch(() => undefined);
      tell(
        run === undefined
          ? `  ${peer.name.padEnd(26)}more than ${limit} s`
          : row(`${peer.name} ${peer.version}`, run, own, peer.question),
      );
    }
  }
}

function row(name: string, run: Run, own: Run, question: string): string {
  return [
    `  ${name.padEnd(32)}`,
    `${run.seconds.toFixed(2)} s`.padStart(9),
    `${(run.seconds / own.seconds).toFixed(1)} x`.padStart(9),
    `${run.peakMib.toFixed(0)} MiB`.padStart(10),
    `  ${question}`,
  ].join("");
}

async function median(runs: number, once: () => Promise<Run>): Promise<Run> {
  const all: Run[] = [];
  for (let index = 0; index < runs; index += 1) all.push(await once());
  const middle = all.toSorted((a, b) => a.seconds - b.seconds)[Math.floor(runs / 2)];
  if (middle === undefined) throw new Error("nothing was measured");
  return middle;
}
