import { contractSchema, type EngineContract } from "./contract-schema.ts";
import vllm from "./contracts/vllm-0.33.0.json" with { type: "json" };

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
