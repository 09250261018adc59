import type { Findings } from "./findings.ts";
import { binaryOf } from "./install.ts";
import type { Peer } from "./peers.ts";
import { runCommand } from "./run-command.ts";

/** Longest time for one folder, seconds. */
const limit = 120;
/** Runs at the same time. */
const width = 2;

/** What a tool says of each folder; `undefined` where it gave no answer. */
export async function ask(
  peer: Peer,
  folders: readonly string[],
): Promise<ReadonlyMap<string, Findings | undefined>> {
  return peer.batch === undefined
    ? askEach(peer, folders)
    : askAtOnce(peer, peer.batch(binaryOf(peer), folders), folders);
}

async function askEach(
  peer: Peer,
  folders: readonly string[],
): Promise<ReadonlyMap<string, Findings | undefined>> {
  const answers = new Map<string, Findings | undefined>();
  const open = [...folders];
  const work = async () => {
    for (let folder = open.shift(); folder !== undefined; folder = open.shift()) {
      const run = await runCommand(peer.command(binaryOf(peer), folder), limit).catch(
        () => undefined,
      );
      answers.set(folder, run === undefined ? undefined : read(peer, run.stdout));
    }
  };
  await Promise.all(Array.from({ length: width }, work));
  return answers;
}

async function askAtOnce(
  peer: Peer,
  command: readonly string[],
  folders: readonly string[],
): Promise<ReadonlyMap<string, Findings | undefined>> {
  const { stdout, code } = await runCommand(command, limit * folders.length);
  const lines = stdout.split("\n").filter((line) => line.startsWith("{"));
  if (lines.length !== folders.length) {
    throw new Error(
      `${peer.name} answered for ${lines.length} of ${folders.length} folders and ended with ${code}`,
    );
  }
  return new Map(folders.map((folder, index) => [folder, read(peer, lines[index] ?? "")]));
}

function read(peer: Peer, stdout: string): Findings | undefined {
  try {
    return peer.findings(stdout);
  } catch {
    return undefined;
  }
}
