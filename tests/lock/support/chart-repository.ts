import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { execute } from "../../../lock/execute.ts";
import { startSite } from "./site.ts";

export interface ChartRepository {
  readonly url: string;
  /** Folder that is served: archives and index.yaml. */
  readonly folder: string;
  readonly close: () => Promise<void>;
}

/** A chart repository on this machine with archives and an index as Helm makes them. */
export async function startChartRepository(
  helm: string,
  charts: readonly { readonly chart: string; readonly version: string }[],
): Promise<ChartRepository> {
  const root = await mkdtemp(path.join(tmpdir(), "lock-charts-"));
  const folder = path.join(root, "site");
  for (const { chart, version } of charts) {
    const source = path.join(root, "source", chart);
    await mkdir(source, { recursive: true });
    await writeFile(
      path.join(source, "Chart.yaml"),
      `apiVersion: v2\nname: ${chart}\nversion: ${version}\n`,
    );
    await call(helm, ["package", source, "--destination", folder]);
  }
  await call(helm, ["repo", "index", folder]);
  const site = await startSite((request, response) => {
    readFile(path.join(folder, path.basename(request.url ?? ""))).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  return {
    url: site.url,
    folder,
    async close() {
      await site.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function call(helm: string, args: readonly string[]): Promise<void> {
  const done = await execute(helm, args, process.env, AbortSignal.timeout(60_000));
  if (!done.succeeded) throw new Error(`helm ${args.join(" ")}: ${done.stderr}`);
}
