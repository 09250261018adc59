import { z } from "zod";
import vllm from "./contracts/vllm-0.33.0.json" with { type: "json" };

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * What one release of an engine takes and exports, read in its sources by `npm run engine-contract`;
 * data only, and nobody edits it.
 */
export const contractSchema = z.strictObject({
  engine: z.literal("vllm"),
  version: z.string(),
  basis: z.literal("read in source"),
  /** Where the sources were taken from; the digest is the index's, since the wheel is not fetched whole. */
  wheel: z.strictObject({ name: z.string(), sha256 }),
  /** SHA-256 by path of each file that was read. */
  sources: z.record(z.string(), sha256),
  /** By long name: how many words belong to a flag. `optional`: one, or none. */
  flags: z.record(
    z.string().startsWith("--"),
    z.enum(["nothing", "value", "values", "json", "optional"]),
  ),
  aliases: z.record(z.string(), z.string()),
  /** Names that it reads from its environment; those of its libraries are not among them. */
  environment: z.array(z.string()),
  /** By family name as Prometheus shows it; `null`: only a run would tell the labels. */
  metrics: z.record(
    z.string(),
    z.strictObject({
      kind: z.enum(["counter", "gauge", "histogram"]),
      labels: z.array(z.string()).nullable(),
    }),
  ),
});

export type EngineContract = z.infer<typeof contractSchema>;

export const vllmContract: EngineContract = contractSchema.parse(vllm);

/** Whether the engine takes this flag, written in full; `--no-x` turns the switch `--x` off. */
export function takesFlag({ flags }: EngineContract, name: string): boolean {
  if (Object.hasOwn(flags, name)) return true;
  const positive = name.replace(/^--no-/, "--");
  return positive !== name && Object.hasOwn(flags, positive) && flags[positive] === "nothing";
}

/** Series that a metric is stored as. */
export function seriesOf({ metrics }: EngineContract): ReadonlySet<string> {
  return new Set(
    Object.entries(metrics).flatMap(([name, { kind }]) =>
      kind === "histogram" ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  );
}

/** What is used and the engine does not have: flags, variables and metrics by name. */
export interface Uses {
  /** Words of the command line behind the model. */
  readonly words: readonly string[];
  readonly variables: readonly string[];
  /** Names of series. */
  readonly metrics: readonly string[];
}

/** Uses that the engine of the contract does not know. A variable without its prefix is a library's. */
export function unknownUses(contract: EngineContract, uses: Uses): readonly string[] {
  const flags = uses.words.map((word) => word.split("=", 1)[0] ?? "");
  const series = seriesOf(contract);
  return [
    ...flags.filter((flag) => !takesFlag(contract, flag)),
    ...uses.words.filter((word) => takesNothing(contract, word) && word.includes("=")),
    ...uses.variables.filter(
      (name) => /^VLLM_/i.test(name) && !contract.environment.includes(name),
    ),
    ...uses.metrics.filter((name) => name.startsWith("vllm:") && !series.has(name)),
  ];
}

function takesNothing({ flags }: EngineContract, word: string): boolean {
  return flags[word.split("=", 1)[0] ?? ""] === "nothing";
}
