import { spawn } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";

export interface ControllerProcess {
  readonly port: number;
  readonly healthPort: number;
  /** Lines of its log so far. */
  readonly log: readonly string[];
  /** SIGTERM unless another signal is given. @returns its exit code, null where the signal ended it */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

const listening = z.object({
  message: z.literal("listening"),
  port: z.number(),
  healthPort: z.number(),
});
const program = path.resolve(import.meta.dirname, "../../../controller/main.ts");

/** The controller as it runs in its pod, against a cluster by kubeconfig. */
export async function startController(
  kubeconfig: string,
  { endpoints, port = 0 }: { readonly endpoints?: string; readonly port?: number } = {},
): Promise<ControllerProcess> {
  const child = spawn(
    process.execPath,
    [
      program,
      "--namespace=gateway",
      "--inference-namespace=inference",
      "--host=127.0.0.1",
      `--port=${port}`,
      "--health-port=0",
      `--kubeconfig=${kubeconfig}`,
      ...(endpoints === undefined ? [] : [`--endpoints=${endpoints}`]),
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  const log: string[] = [];
  const ports = await new Promise<z.infer<typeof listening>>((resolve, reject) => {
    const take = (line: string) => {
      log.push(line);
      const parsed = listening.safeParse(line.startsWith("{") ? JSON.parse(line) : undefined);
      if (parsed.success) resolve(parsed.data);
    };
    createInterface({ input: child.stdout }).on("line", take);
    createInterface({ input: child.stderr }).on("line", take);
    child.once("exit", () => reject(new Error(`the controller ended: ${log.join("\n")}`)));
  });
  return {
    ...ports,
    log,
    end: async (signal = "SIGTERM") => {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const ended = once(child, "exit");
      child.kill(signal);
      await ended;
      return child.exitCode;
    },
  };
}
