import { stripVTControlCharacters } from "node:util";
import { linesOf, type Reading, read, unreadable } from "../reading.ts";

/** How two GPUs reach each other: `NV12` over twelve NVLinks, `SYS` across sockets. */
export interface GpuPair {
  readonly from: string;
  readonly to: string;
  readonly path: string;
}

/** `nvidia-smi topo -m`, whose columns are separated by tabs. */
export function readTopology(text: string): Reading<readonly GpuPair[]> {
  const rows = linesOf(stripVTControlCharacters(text)).map((line) =>
    line.split("\t").map((cell) => cell.trim()),
  );
  const header = rows.find(([first, second]) => first === "" && isGpu(second));
  if (header === undefined) return unreadable("has no row of GPU0, GPU1 and so on");
  const columns = header.flatMap((name, place) => (isGpu(name) ? [{ name, place }] : []));
  const pairs: GpuPair[] = [];
  for (const { name: from } of columns) {
    const row = rows.find(([first]) => first === from);
    if (row === undefined) return unreadable(`has no row of ${from}`);
    for (const { name: to, place } of columns) {
      const path = row[place];
      if (path === undefined || path === "") return unreadable(`has no way from ${from} to ${to}`);
      if (from !== to) pairs.push({ from, to, path });
    }
  }
  return read(pairs);
}

function isGpu(name: string | undefined): name is string {
  return name !== undefined && /^GPU\d+$/.test(name);
}
