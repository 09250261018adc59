import { createHash } from "node:crypto";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { Manifest } from "../../../components/lib/weights/manifest.ts";

/** Contents by path. */
export type Tree = Readonly<Record<string, Buffer>>;

export const revision = "0123456789abcdef0123456789abcdef01234567";

export const smallTree: Tree = {
  "config.json": Buffer.from('{"architectures":["LlamaForCausalLM"]}'),
  "model-00001-of-00002.safetensors": Buffer.alloc(70_000, 1),
  "model-00002-of-00002.safetensors": Buffer.alloc(50_000, 2),
  "original/params.json": Buffer.from("{}"),
  "tokenizer.json": Buffer.alloc(0),
};

export function sha256(bytes: Buffer | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

export function manifestOf(tree: Tree): Manifest {
  return {
    schema: 1,
    repository: "org/name",
    revision,
    licence: "apache-2.0",
    quantisation: "bf16",
    chatTemplate: null,
    files: Object.entries(tree).map(([name, bytes]) => ({
      path: name,
      bytes: bytes.length,
      sha256: sha256(bytes),
    })),
  };
}

/** A folder of its own, without a link on the way to it. */
export async function temporaryFolder(
  teardown: (clean: () => Promise<void>) => void,
): Promise<string> {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), "weights-")));
  teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function writeTree(folder: string, tree: Tree): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(tree)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), bytes);
  }
}
