import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { type AddressFile, addressFile } from "./observed.ts";

/** How soon a change of the file is seen, ms. */
const interval = 250;

/** Reads the addresses of clusters from a file, and again whenever that changes, until the signal. */
export async function followFile(
  file: string,
  onAddresses: (addresses: AddressFile) => void,
  onError: (reason: string) => void,
  signal: AbortSignal,
): Promise<void> {
  let last: string | undefined;
  let told: string | undefined;
  while (!signal.aborted) {
    try {
      const text = await readFile(file, "utf8");
      if (text !== last) onAddresses(addressFile(text));
      last = text;
      told = undefined;
    } catch (error) {
      const reason = `${file}: ${error instanceof Error ? error.message : String(error)}`;
      if (reason !== told) onError(reason);
      told = reason;
    }
    await sleep(interval, undefined, { signal }).catch(() => undefined);
  }
}
