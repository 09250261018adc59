import { access, readdir } from "node:fs/promises";
import * as path from "node:path";

/** What a stack asks of a chart. */
export interface ChartRequest {
  readonly name: string;
  readonly version: string | undefined;
  /** Folder that the stack itself names, where its charts come from a folder. */
  readonly directory: string | undefined;
}

/** A folder or archive that may be the chart; its version is not yet known. */
export type Located =
  | { readonly found: true; readonly path: string }
  | { readonly found: false; readonly reason: string };

/** Finds a chart below `directory`: an unpacked folder, or an archive `<name>-<version>.tgz`. */
export async function locateChart(
  request: ChartRequest,
  directory: string | undefined,
): Promise<Located> {
  if (request.directory !== undefined) {
    return (await exists(path.join(request.directory, "Chart.yaml")))
      ? { found: true, path: request.directory }
      : { found: false, reason: `${request.directory} holds no Chart.yaml` };
  }
  if (directory === undefined) {
    return {
      found: false,
      reason: "no folder of charts was given; pass --charts DIR or set CHARTS_DIR",
    };
  }
  for (const candidate of candidates(request)) {
    const at = path.join(directory, candidate);
    if (await exists(candidate.endsWith(".tgz") ? at : path.join(at, "Chart.yaml"))) {
      return { found: true, path: at };
    }
  }
  const held: string[] = await readdir(directory).catch(() => []);
  const listing = held.length === 0 ? "nothing" : held.toSorted().slice(0, 8).join(", ");
  return {
    found: false,
    reason: `${directory} holds neither ${candidates(request).join(" nor ")} (it holds ${listing})`,
  };
}

function candidates({ name, version }: ChartRequest): string[] {
  if (version === undefined) return [name, `${name}.tgz`];
  const plain = version.replace(/^v/, "");
  return [
    ...new Set([
      `${name}-${version}.tgz`,
      `${name}-${plain}.tgz`,
      `${name}-v${plain}.tgz`,
      name,
      `${name}.tgz`,
    ]),
  ];
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
