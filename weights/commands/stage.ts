import { readFile } from "node:fs/promises";
import { isIPv4, isIPv6 } from "node:net";
import * as path from "node:path";
import { readManifest } from "../read-manifest.ts";
import { clientFor } from "../stage/request.ts";
import { sourceOf } from "../stage/source.ts";
import { stage } from "../stage/stage.ts";
import { needed, options, UsageError } from "../usage.ts";

export async function runStage(args: readonly string[]): Promise<number> {
  const given = options(args, {
    manifest: { type: "string" },
    source: { type: "string" },
    into: { type: "string" },
    folder: { type: "string" },
    "token-file": { type: "string" },
    host: { type: "string", multiple: true },
    proxy: { type: "string" },
    "ca-file": { type: "string" },
  });
  const file = needed(given.manifest, "manifest");
  const template = needed(given.source, "source");
  const root = path.resolve(needed(given.into, "into"));
  const folder = folderName(needed(given.folder, "folder"));
  const proxy = given.proxy === undefined ? undefined : proxyUrl(given.proxy);
  const manifest = await readManifest(file);
  const source = sourceOf(template, given.host ?? [], manifest);
  if ("faults" in source) throw new UsageError(source.faults.join("\n"));
  const token =
    given["token-file"] === undefined ? undefined : await readToken(given["token-file"]);
  const authorities =
    given["ca-file"] === undefined ? undefined : await readFile(given["ca-file"], "utf8");
  const client = clientFor({ source, token, proxy, authorities });
  const interruption = new AbortController();
  const stop = () => interruption.abort(new Error("stopped; the next run goes on from here"));
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  try {
    const say = (line: string) => process.stderr.write(`${line}\n`);
    await stage({ manifest, root, folder, client, signal: interruption.signal, say });
    return 0;
  } finally {
    client.close();
    process.off("SIGTERM", stop);
    process.off("SIGINT", stop);
  }
}

function folderName(given: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(given)) return given;
  throw new UsageError(
    `--folder ${given}: is no name of one folder; write letters, digits and ._-`,
  );
}

/** By address: a name would be looked up, and nothing else that this program does needs a resolver behind a proxy. */
function proxyUrl(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  const address = url?.hostname.replace(/^\[(.*)\]$/, "$1") ?? "";
  const plain =
    url?.pathname === "/" && url.username === "" && url.search === "" && url.hash === "";
  if (url?.protocol === "http:" && plain && (isIPv4(address) || isIPv6(address))) return url.origin;
  throw new UsageError("--proxy: is not http://ADDRESS:PORT");
}

/** Checked here, since the platform's own message about a bad header shows its value. */
async function readToken(file: string): Promise<string> {
  const token = (await readFile(file, "utf8")).trim();
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new UsageError(
    `--token-file ${file}: is empty, or holds a space, a line break or a letter outside ASCII`,
  );
}
