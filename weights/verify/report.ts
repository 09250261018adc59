import type { Fault } from "./judge.ts";
import type { Verification } from "./verify.ts";

/** Every fault on a line of its own, each with its file. */
export function faultsText(folder: string, faults: readonly Fault[]): string {
  const lines = faults.map(({ path, reason }) => `  ${printable(path)} ${reason}`);
  const heading = `${folder}: is not what its manifest says (${faults.length} faults)`;
  const remedy = "remove the folder and stage it again; where nobody changed it, check the disk";
  return `${[heading, ...lines, remedy].join("\n")}\n`;
}

export function speedText({ bytes, seconds }: Verification): string {
  const speed = bytes / 1e9 / Math.max(seconds, 1e-3);
  return `read ${(bytes / 1e9).toFixed(3)} GB in ${seconds.toFixed(1)} s, ${speed.toFixed(2)} GB/s`;
}

/** A name on the disk can hold anything, and a terminal obeys some of it. */
function printable(name: string): string {
  return /^[\x21-\x7e]+$/.test(name) ? name : JSON.stringify(name).replace(/[^\x20-\x7e]/g, "?");
}
