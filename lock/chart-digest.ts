import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { Digest } from "../components/lib/images.ts";
import type { ChartVersion } from "../infra/versions.ts";
import { findInIndex, type IndexedChart } from "./chart-index.ts";
import { execute, lastWords } from "./execute.ts";
import { isEncryptedOrLocal } from "./hosts.ts";
import { acceptDigest } from "./image-digest.ts";
import { ReadError } from "./read-error.ts";
import { remedyFor } from "./remedies.ts";

export interface Helm {
  readonly program: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * SHA-256 of a chart's archive, downloaded now and compared with the index of its repository: Helm
 * itself does not compare them.
 * @throws ReadError
 */
export async function readArchiveDigest(
  helm: Helm,
  chart: ChartVersion,
  signal: AbortSignal,
): Promise<Digest> {
  refuseUnencrypted(chart);
  const folder = await mkdtemp(path.join(tmpdir(), "private-llm-lock-"));
  try {
    const indexed = await readIndex(helm, chart, folder, signal);
    const archive = await pull(helm, chart, indexed, folder, signal);
    const sha256 = createHash("sha256").update(archive).digest("hex");
    if (indexed.sha256 !== undefined && indexed.sha256 !== sha256) {
      throw new ReadError(
        `${nameOf(chart)}: the archive has SHA-256 ${sha256}, and the index of its repository says ${indexed.sha256}`,
        "try again; if it stays, ask the repository's owner who changed the archive",
      );
    }
    return acceptDigest(`sha256:${sha256}`, nameOf(chart));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function refuseUnencrypted(chart: ChartVersion): void {
  if (URL.canParse(chart.repository) && isEncryptedOrLocal(new URL(chart.repository))) return;
  throw new ReadError(
    `${nameOf(chart)}: its repository is neither https:// nor oci:// nor on this machine`,
    "correct the repository in infra/versions.ts",
  );
}

async function readIndex(
  helm: Helm,
  chart: ChartVersion,
  folder: string,
  signal: AbortSignal,
): Promise<IndexedChart> {
  await runHelm(helm, ["repo", "add", "lock", chart.repository], chart, folder, signal);
  const index = await readFile(path.join(folder, "repository", "lock-index.yaml"), "utf8");
  const found = findInIndex(index, chart.chart, chart.version);
  if (found !== undefined) return found;
  throw new ReadError(
    `${nameOf(chart)}: the index of its repository lists no such version`,
    "correct infra/versions.ts",
  );
}

async function pull(
  helm: Helm,
  chart: ChartVersion,
  { version }: IndexedChart,
  folder: string,
  signal: AbortSignal,
): Promise<Buffer> {
  const to = path.join(folder, "archive");
  await mkdir(to);
  const args = ["pull", `lock/${chart.chart}`, "--version", version, "--destination", to];
  await runHelm(helm, args, chart, folder, signal);
  const [file] = await readdir(to);
  if (file !== undefined) return readFile(path.join(to, file));
  throw new ReadError(`${nameOf(chart)}: Helm wrote no archive`, "try again");
}

/** With files of its own: nothing that an earlier run kept is taken for what is published now. */
async function runHelm(
  helm: Helm,
  args: readonly string[],
  chart: ChartVersion,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const own = {
    "--repository-config": path.join(folder, "repositories.yaml"),
    "--repository-cache": path.join(folder, "repository"),
    "--content-cache": path.join(folder, "content"),
  };
  const { succeeded, stderr } = await execute(
    helm.program,
    [...args, ...Object.entries(own).flat()],
    helm.env,
    signal,
  );
  if (succeeded) return;
  const words = lastWords(stderr);
  const { host } = new URL(chart.repository);
  throw new ReadError(`${nameOf(chart)}: ${words}`, remedyFor(words, host, nameOf(chart)));
}

function nameOf(chart: ChartVersion): string {
  return `chart ${chart.chart} ${chart.version} of ${chart.repository}`;
}
