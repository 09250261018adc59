import type { ComponentName } from "./components.ts";
import { componentNames } from "./components.ts";
import type { Layout } from "./layout.ts";
import { logFile } from "./layout.ts";
import { observe } from "./processes.ts";

export interface ProcessStatus {
  readonly component: ComponentName;
  /** `dead`: started and not stopped, yet gone. */
  readonly state: "running" | "dead" | "stopped";
  readonly pid?: number;
  readonly log: string;
}

export async function processStatus(layout: Layout): Promise<readonly ProcessStatus[]> {
  return Promise.all(
    componentNames.map(async (component) => {
      const seen = await observe(layout, component);
      const pid = seen.state === "stopped" ? {} : { pid: seen.identity.pid };
      return { component, state: seen.state, ...pid, log: logFile(layout, component) };
    }),
  );
}

/** One line for each process that ended without being asked to. */
export function deaths(cluster: string, found: readonly ProcessStatus[]): readonly string[] {
  return found
    .filter(({ state }) => state === "dead")
    .map(
      ({ component, pid, log }) =>
        `cluster ${cluster}: ${component} (process ${pid}) was found dead; its last words are in ${log}`,
    );
}
