import { engines } from "../../components/engines/engines.ts";
import type { Fault } from "./faults.ts";
import type { ModelConfig } from "./models.ts";

/** Engines that must not run on this kind of cluster. */
export function engineFaults(models: readonly ModelConfig[], cluster: string): Fault[] {
  if (cluster === "local") return [];
  return models.flatMap(({ engine }, index) =>
    engines[engine].support === "simulation"
      ? [
          {
            path: ["models", index, "engine"],
            message: `${engine} serves no model and makes its answers up, so only a local cluster may run it; remove it, or set vllm`,
          },
        ]
      : [],
  );
}
