import { parseArgs } from "node:util";
import type { ClusterStatus } from "../tools/cluster/cluster.ts";
import {
  clusterStatus,
  resetCluster,
  startCluster,
  stopCluster,
} from "../tools/cluster/cluster.ts";
import { consoleProgress } from "../tools/cluster/progress.ts";

const usage = `usage: node cli/cluster.ts start|stop|status|reset [--name NAME]
  start   start the local cluster, or what is missing of it
  stop    end its processes, keep its data
  status  say what runs
  reset   stop it and delete its keys, data and logs
  --name  which cluster (default: dev)`;

/** Exit codes: 0 done; 1 failed, or `status` of a cluster that is not ready; 2 wrong usage. */
async function main(argv: readonly string[]): Promise<number> {
  const call = parse(argv);
  if (call === undefined) {
    console.error(usage);
    return 2;
  }
  const options = { name: call.name, progress: consoleProgress() };
  switch (call.command) {
    case "start": {
      const { kubeconfig, context } = await startCluster(options);
      console.log(`export KUBECONFIG=${kubeconfig}  # context ${context}`);
      return 0;
    }
    case "stop":
      await stopCluster(options);
      return 0;
    case "reset":
      await resetCluster(options);
      return 0;
    case "status": {
      const status = await clusterStatus(call.name);
      console.log(describe(status));
      return status.state === "ready" ? 0 : 1;
    }
    default:
      console.error(usage);
      return 2;
  }
}

function parse(argv: readonly string[]): { command: string; name: string } | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: { name: { type: "string", default: "dev" } },
      allowPositionals: true,
    });
    const [command, ...rest] = positionals;
    return command === undefined || rest.length > 0 ? undefined : { command, name: values.name };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return undefined;
  }
}

function describe(status: ClusterStatus): string {
  if (status.state === "absent") return `cluster ${status.name}: does not exist`;
  const rows = status.processes.map(({ component, state, pid, log }) =>
    [`  ${component.padEnd(24)}`, state.padEnd(8), String(pid ?? "-").padEnd(8), log].join(" "),
  );
  return [
    `cluster ${status.name}: ${status.state}`,
    `  server      ${status.server}`,
    `  kubeconfig  ${status.kubeconfig} (context ${status.context})`,
    ...rows,
  ].join("\n");
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  // Through the progress, which first clears the line of a step under way.
  consoleProgress().step(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
