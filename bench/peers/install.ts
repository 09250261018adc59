import { access, mkdir } from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { type Peer, peers } from "./peers.ts";
import { runCommand } from "./run-command.ts";

/** One folder for each version, in the user's own cache. */
function folderOf(peer: Peer): string {
  const cache = process.env["XDG_CACHE_HOME"] ?? path.join(os.homedir(), ".cache");
  return path.join(cache, "private-llm", "peers", `${peer.name}-${peer.version}`);
}

export function binaryOf(peer: Peer): string {
  return path.join(folderOf(peer), "bin", peer.source.binary);
}

export async function isInstalled(peer: Peer): Promise<boolean> {
  return access(binaryOf(peer)).then(
    () => true,
    () => false,
  );
}

const patience = 1800;

/** Installs what is missing: Python packages into an environment of their own, Go programs by `go install`. */
export async function installPeers(tell: (line: string) => void): Promise<void> {
  for (const peer of peers) {
    if (await isInstalled(peer)) continue;
    tell(`${peer.name} ${peer.version}: installing`);
    const folder = folderOf(peer);
    await mkdir(folder, { recursive: true });
    const { source, version } = peer;
    if (source.kind === "go") {
      await must(["env", `GOBIN=${folder}/bin`, "go", "install", `${source.package}@${version}`]);
      continue;
    }
    await must(["python3", "-m", "venv", folder]);
    await must([`${folder}/bin/pip`, "install", "--quiet", `${source.package}==${version}`]);
  }
}

async function must(command: readonly string[]): Promise<void> {
  const { code } = await runCommand(command, patience);
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}`);
}
