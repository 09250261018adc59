import { spawn } from "node:child_process";
import { access, mkdir, rm } from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { type Peer, peers } from "./peers.ts";

/** What is put into the user's cache. */
export interface Installed {
  readonly name: string;
  readonly version: string;
}

/** One folder for each version, in the user's own cache. */
export function folderOf(peer: Installed): string {
  const cache = process.env["XDG_CACHE_HOME"] ?? path.join(os.homedir(), ".cache");
  return path.join(cache, "private-llm", "peers", `${peer.name}-${peer.version}`);
}

export function binaryOf(peer: Peer): string {
  return path.join(folderOf(peer), "bin", peer.source.binary);
}

export async function isInstalled(peer: Peer): Promise<boolean> {
  return isThere(binaryOf(peer));
}

export function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** Installs what is missing: Python packages into an environment of their own, Go programs by `go install`. */
export async function installPeers(tell: (line: string) => void): Promise<void> {
  for (const peer of peers) {
    if (await isInstalled(peer)) {
      tell(`${peer.name} ${peer.version}: installed already`);
      continue;
    }
    tell(`${peer.name} ${peer.version}: installing`);
    const { source, version } = peer;
    if (source.kind === "go") {
      const folder = await emptyFolder(peer);
      const env = { ...process.env, GOBIN: path.join(folder, "bin") };
      await must(peer, "go", ["install", `${source.package}@${version}`], env);
      continue;
    }
    await installPython(peer, [`${source.package}==${version}`]);
  }
}

/** Python packages into an environment of their own. @param wanted arguments of `pip install` */
export async function installPython(peer: Installed, wanted: readonly string[]): Promise<void> {
  const folder = await emptyFolder(peer);
  await must(peer, "python3", ["-m", "venv", folder]);
  await must(peer, path.join(folder, "bin", "pip"), ["install", "--quiet", ...wanted]);
}

/** What an interrupted attempt has left would be taken for whole. */
async function emptyFolder(peer: Installed): Promise<string> {
  const folder = folderOf(peer);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  return folder;
}

/** Its own complaints go to the terminal: they are the installer's, and long. */
function must(
  peer: Installed,
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  const failed = (why: string) =>
    new Error(`${peer.name} is not installed: ${program} ${args[0]} ${why}`);
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: ["ignore", "ignore", "inherit"] });
    child.on("error", (error: NodeJS.ErrnoException) => {
      reject(
        failed(error.code === "ENOENT" ? "cannot run, since it is not on PATH" : error.message),
      );
    });
    child.on("close", (code) => {
      if (code === 0) resolve();
      else reject(failed(`ended with ${code}`));
    });
  });
}
