import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { execute } from "../../../lock/execute.ts";

/** A real OCI registry on this machine, filled and emptied by the test. */
export interface TestRegistry {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  /** Pushes an image of one small layer. @param reference repository and tag without host */
  push(reference: string, content: string): Promise<void>;
  /** Pushes a list of two images under one tag. */
  pushList(reference: string): Promise<void>;
  /** Digest of the manifest's bytes as they come over HTTP, computed without crane. */
  digest(reference: string): Promise<string>;
  readonly close: () => Promise<void>;
}

export async function startRegistry(crane: string): Promise<TestRegistry> {
  const folder = await mkdtemp(path.join(tmpdir(), "lock-registry-"));
  const server = spawn(crane, ["registry", "serve", "--address", "127.0.0.1:0"]);
  const host = `127.0.0.1:${await portOf(server)}`;
  const call = async (...args: string[]) => {
    const done = await execute(crane, args, process.env, AbortSignal.timeout(60_000));
    if (!done.succeeded) throw new Error(`crane ${args.join(" ")}: ${done.stderr}`);
  };
  const push = async (reference: string, content: string) => {
    // A layer may be any bytes here; nothing unpacks it.
    const layer = path.join(folder, "layer.tar");
    await writeFile(layer, content);
    await call("append", "--oci-empty-base", "-f", layer, "-t", `${host}/${reference}`);
  };
  return {
    host,
    push,
    async pushList(reference) {
      await push(`${reference}-a`, "a");
      await push(`${reference}-b`, "b");
      const parts = ["-a", "-b"].flatMap((end) => ["-m", `${host}/${reference}${end}`]);
      await call("index", "append", ...parts, "-t", `${host}/${reference}`);
    },
    async digest(reference) {
      const at = reference.lastIndexOf(":");
      const url = `http://${host}/v2/${reference.slice(0, at)}/manifests/${reference.slice(at + 1)}`;
      const response = await fetch(url);
      if (!response.ok) throw new Error(`${url}: HTTP ${response.status}`);
      const bytes = Buffer.from(await response.arrayBuffer());
      return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
    },
    async close() {
      const ended = once(server, "exit");
      server.kill();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** crane says where it listens in its first line. */
function portOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    // Read to the end: crane would die of a closed pipe at its next log line.
    server.stderr?.on("data", (chunk: Buffer) => {
      said += chunk.toString("utf8");
      const port = /serving on port (\d+)/.exec(said)?.[1];
      if (port !== undefined) resolve(port);
    });
    server.once("error", reject);
    server.once("exit", () => reject(new Error(`the registry ended: ${said}`)));
  });
}
