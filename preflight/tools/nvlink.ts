import { linesOf, quoted, type Reading, read, unreadable } from "../reading.ts";

/** NVLinks of one GPU. */
export interface GpuLinks {
  readonly index: number;
  /** GB/s in one direction, by link; 0: not active. */
  readonly links: readonly number[];
}

/** `nvidia-smi nvlink -s`. */
export function readNvlink(text: string): Reading<readonly GpuLinks[]> {
  const gpus: { index: number; links: number[] }[] = [];
  for (const line of linesOf(text)) {
    const gpu = /^GPU (\d+): /.exec(line)?.[1];
    const link = /^\s+Link \d+: (?:(\d+(?:\.\d+)?) GB\/s|<?inactive>?)$/i.exec(line.trimEnd());
    const last = gpus.at(-1);
    if (gpu !== undefined) gpus.push({ index: Number(gpu), links: [] });
    else if (link !== null && last !== undefined) last.links.push(Number(link[1] ?? 0));
    else return unreadable(`cannot be understood at ${quoted(line)}`);
  }
  return gpus.length === 0 ? unreadable("names no GPU") : read(gpus);
}
