import { bind, type Cores, chooseCores } from "./cores.ts";
import type { Cell, Measured } from "./figures.ts";
import { startGateway } from "./gateway.ts";
import { startLitellm } from "./litellm.ts";
import { type Kind, load } from "./load.ts";
import { cpuSeconds, peakMib, waitedSeconds } from "./process-cost.ts";
import { type Side, ways } from "./side.ts";
import { startSimulators } from "./simulators.ts";
import { percentile } from "./statistics.ts";
import { tables } from "./tables.ts";

export interface GatewayBenchOptions {
  /** For certificates, configurations and logs. */
  readonly folder: string;
  readonly rounds: number;
  /** Of each side in each cell of each round. */
  readonly seconds: number;
  readonly litellm: boolean;
  /** Whether to bind processes to cores; not inside a test, whose own process would stay bound. */
  readonly pinned: boolean;
  readonly tell: (line: string) => void;
}

const kinds = ["plain", "stream"] as const satisfies readonly Kind[];
const connectionCounts = [1, 16] as const;

export const cells: readonly Cell[] = ways.flatMap((way) =>
  kinds.flatMap((kind) => connectionCounts.map((connections) => ({ way, kind, connections }))),
);

/** The part of a cell's time before it, which is not counted: connections, caches and compilers get warm. */
const warmUp = 0.25;

/** Direct, through the gateway and through LiteLLM to the same two simulators, taking turns. */
export async function benchGateway(options: GatewayBenchOptions): Promise<readonly Measured[]> {
  const { folder, tell } = options;
  const cores = options.pinned ? await chooseCores() : undefined;
  tell(describe(cores));
  // All that starts from here on inherits this.
  if (cores !== undefined) await bind(process.pid, cores.load);
  const simulators = await startSimulators(folder);
  const sides: Side[] = [simulators.direct];
  try {
    sides.push(await startGateway(folder, simulators));
    if (options.litellm) sides.push(await startLitellm(folder, simulators.sites));
    if (cores !== undefined) {
      for (const pid of new Set(sides.flatMap(({ pids }) => ways.flatMap((way) => pids[way])))) {
        await bind(pid, [cores.measured]);
      }
    }
    const measured = await rounds(sides, options);
    report(measured, options);
    for (const side of sides.slice(1)) tell(await memoryOf(side));
    return measured;
  } finally {
    for (const side of sides.toReversed()) await side.stop();
  }
}

async function rounds(
  sides: readonly Side[],
  { rounds: count, seconds, tell }: GatewayBenchOptions,
): Promise<readonly Measured[]> {
  const measured: Measured[] = [];
  for (let round = 1; round <= count; round += 1) {
    tell(`round ${round} of ${count}`);
    // Whoever comes first in one round comes last in the next.
    const order = round % 2 === 1 ? sides : sides.toReversed();
    for (const cell of cells) {
      for (const side of order) measured.push(await measureCell(side, cell, round, seconds));
    }
  }
  return measured;
}

async function measureCell(
  side: Side,
  cell: Cell,
  round: number,
  seconds: number,
): Promise<Measured> {
  const { way, kind, connections } = cell;
  const once = (time: number) => load(side.targets[way], { kind, connections, seconds: time });
  try {
    await once(seconds * warmUp);
    const pids = side.pids[way];
    const [cpu, waited] = [await cpuSeconds(pids), await waitedSeconds(pids)];
    const { times, seconds: taken } = await once(seconds);
    return {
      ...cell,
      side: side.name,
      round,
      p50: percentile(times, 50),
      p99: percentile(times, 99),
      requestsPerSecond: times.length / taken,
      cpuMs: (((await cpuSeconds(pids)) - cpu) * 1000) / times.length,
      waited: ((await waitedSeconds(pids)) - waited) / taken,
    };
  } catch (error) {
    const where = `${side.name}, ${way}, ${kind}, ${connections} connections`;
    throw new Error(`${where}: ${String(error)}`, { cause: error });
  }
}

function report(measured: readonly Measured[], { litellm, tell }: GatewayBenchOptions): void {
  const compared = {
    direct: "direct",
    gateway: "gateway",
    litellm: litellm ? "LiteLLM" : undefined,
  };
  for (const line of ["", ...tables(measured, cells, compared), ""]) tell(line);
}

async function memoryOf({ name, pids }: Side): Promise<string> {
  const [local = 0, outside = 0] = await Promise.all(ways.map((way) => peakMib(pids[way])));
  const more = pids.outside.length - pids.local.length;
  const both = more === 0 ? "" : `, ${outside.toFixed(0)} MiB with the process on the way out`;
  return `peak memory, ${name}: ${local.toFixed(0)} MiB${both}`;
}

function describe(cores: Cores | undefined): string {
  return cores === undefined
    ? "not bound to cores: requests/s depend on who gets which; CPU per request still counts"
    : `core ${cores.measured}: what is measured; load and simulators: ${cores.load.join(", ")}`;
}
