import * as path from "node:path";
import { clusterStatus } from "../tools/cluster/cluster.ts";
import { exists } from "../tools/cluster/lib/files.ts";
import { dataPlaneFolder, dataPlaneRecords } from "../tools/data-plane/folders.ts";
import { authorityFile } from "../tools/data-plane/pki.ts";
import { endServices, runningServices } from "../tools/data-plane/recorded.ts";
import {
  reportOf,
  type Simulator,
  setFault,
  simulatorsOf,
} from "../tools/data-plane/simulators.ts";
import { commandLine } from "./support/arguments.ts";
import { runCommand, UsageError } from "./support/usage.ts";

const usage = `usage: data-plane status|state|authority|stop [--name CLUSTER]
       data-plane fault NAME none|wedge|slow|status|reset|reset-mid-stream|refuse|full [--status 500|503|429] [--factor N]
  status  the processes of the local gateway, and its simulators
  state   what each simulator has seen
  authority  file of the certificate authority that clients of the local gateway trust
  fault   makes the simulator of a model or provider fail; none makes it well again
  stop    ends the processes; make up starts them again
exit:  0 done, 1 not running, 2 usage`;

async function main(): Promise<number> {
  const { values, positionals } = commandLine(usage, {
    allowPositionals: true,
    options: {
      name: { type: "string", default: "dev" },
      status: { type: "string" },
      factor: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const [command, ...rest] = positionals;
  if (values.help || command === undefined) {
    process.stdout.write(`${usage}\n`);
    return values.help ? 0 : 2;
  }
  const cluster = await clusterStatus(values.name);
  if (cluster.state === "absent") {
    process.stderr.write(`cluster ${values.name} does not exist; make up starts it\n`);
    return 1;
  }
  const folder = dataPlaneFolder(cluster.folder);
  switch (command) {
    case "status":
      return status(cluster.folder, folder);
    case "state":
      return state(folder);
    case "authority":
      return authority(folder);
    case "fault":
      return fault(folder, rest, values);
    case "stop":
      process.stdout.write(
        `ended ${(await endServices(dataPlaneRecords(cluster.folder))).length}\n`,
      );
      return 0;
    default:
      throw new UsageError(`data-plane ${command} is no command\n${usage}`);
  }
}

async function status(clusterFolder: string, folder: string): Promise<number> {
  const running = await runningServices(dataPlaneRecords(clusterFolder));
  const lines = running.map(
    ({ name, pid }) =>
      `${name.padEnd(28)} process ${String(pid).padEnd(8)} ${path.join(folder, "logs", `${name}.log`)}`,
  );
  process.stdout.write(lines.length === 0 ? "nothing runs\n" : `${lines.join("\n")}\n`);
  return lines.length === 0 ? 1 : 0;
}

async function state(folder: string): Promise<number> {
  const simulators = await simulatorsOf(folder);
  for (const simulator of simulators) {
    const report = await reportOf(simulator);
    const said =
      report === undefined
        ? "does not answer"
        : `${report.requests} requests, ${report.completed} completed, ${report.failed} failed, ` +
          `${report.rejected} rejected, fault ${report.fault.kind}`;
    process.stdout.write(`${simulator.role.padEnd(9)} ${simulator.name.padEnd(24)} ${said}\n`);
  }
  return simulators.length === 0 ? 1 : 0;
}

async function authority(folder: string): Promise<number> {
  const file = authorityFile(folder);
  const made = await exists(file);
  process.stdout.write(made ? `${file}\n` : "");
  if (!made) process.stderr.write("there is no data plane; make up starts it\n");
  return made ? 0 : 1;
}

interface FaultValues {
  readonly status?: string | undefined;
  readonly factor?: string | undefined;
}

async function fault(
  folder: string,
  [name, kind]: readonly string[],
  { status: code, factor }: FaultValues,
): Promise<number> {
  const simulators = await simulatorsOf(folder);
  const simulator = simulators.find((each) => each.name === name);
  if (simulator === undefined || kind === undefined) {
    throw new UsageError(`${wrongName(name, simulators)}\n${usage}`);
  }
  const problem = await setFault(simulator, {
    kind,
    ...(code === undefined ? {} : { status: Number(code) }),
    ...(factor === undefined ? {} : { factor: Number(factor) }),
  });
  if (problem !== undefined) throw new UsageError(problem);
  process.stdout.write(`${simulator.name}: ${kind}\n`);
  return 0;
}

function wrongName(name: string | undefined, simulators: readonly Simulator[]): string {
  const known = simulators.map((each) => each.name).join(", ") || "none; make up starts them";
  return name === undefined
    ? `fault needs a name and a kind; simulators: ${known}`
    : `fault ${name}: give a simulator and a kind; simulators: ${known}`;
}

await runCommand(main);
