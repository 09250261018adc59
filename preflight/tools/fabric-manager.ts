import { type Reading, read, unreadable } from "../reading.ts";

export interface FabricManager {
  readonly version: string;
  readonly running: boolean;
}

/** `nv-fabricmanager --version`, and the word `running` where the process was found. */
export function readFabricManager(text: string): Reading<FabricManager> {
  const version = /version is\s*:\s*(\d+(?:\.\d+)+)\s*$/im.exec(text)?.[1];
  if (version === undefined) return unreadable("names no version of Fabric Manager");
  return read({ version, running: /^running$/m.test(text) });
}
