import { engines } from "../../components/engines/engines.ts";
import { gatewayShape } from "../../components/lib/stack/gateway.ts";
import type { Fault } from "./faults.ts";
import type { ModelConfig } from "./models.ts";

/** Engines that must not run on this kind of cluster, or not with what their model asks for. */
export function engineFaults(
  models: readonly ModelConfig[],
  cluster: string,
  gateway: unknown,
): Fault[] {
  return models.flatMap((model, index) => {
    switch (engines[model.engine].support) {
      case "simulation":
        return cluster === "local" ? [] : [simulated(model, index)];
      case "experimental":
        return experimental(model, gateway).map(({ field, message }) => ({
          path: ["models", index, field],
          message,
        }));
      case "supported":
        return [];
      default:
        throw new Error("unreachable");
    }
  });
}

function simulated({ engine }: ModelConfig, index: number): Fault {
  return {
    path: ["models", index, "engine"],
    message: `${engine} serves no model and makes its answers up, so only a local cluster may run it; remove it, or set vllm`,
  };
}

interface FieldFault {
  readonly field: keyof ModelConfig;
  readonly message: string;
}

/** What nobody has verified of such an engine cannot be relied on. */
function experimental(model: ModelConfig, gateway: unknown): FieldFault[] {
  const { cachePrecision, engine, precision, prefixCache } = model;
  const closed = closedClasses(model, gateway);
  return [
    ...(precision === "bf16"
      ? []
      : [
          {
            field: "precision" as const,
            message: `${precision} is a format of checkpoints that was read in vLLM alone, and ${engine} is not known to load it; use bf16, or vllm`,
          },
        ]),
    ...(cachePrecision === "bf16"
      ? []
      : [
          {
            field: "cachePrecision" as const,
            message: `${cachePrecision} has no flag of ${engine}; use bf16, or vllm`,
          },
        ]),
    ...(engines[engine].alwaysKeepsPrefixes && !prefixCache
      ? [
          {
            field: "prefixCache" as const,
            message: `false: ${engine} keeps beginnings of prompts and no flag switches that off, so each request needs a salt of its team; set it to true, with a gateway in which no class has an external backend`,
          },
        ]
      : []),
    ...(engines[engine].alwaysKeepsPrefixes && closed.length > 0
      ? [
          {
            field: "engine" as const,
            message: `${engine} serves task class ${closed.join(", ")}, whose data is not public, and whether it heeds the salt that keeps teams apart was not verified; use vllm for it`,
          },
        ]
      : []),
  ];
}

/** Task classes above public that this model serves. */
function closedClasses({ name }: ModelConfig, gateway: unknown): string[] {
  const parsed = gatewayShape.safeParse(gateway);
  if (!parsed.success) return [];
  return parsed.data.taskClasses
    .filter(({ dataClass }) => dataClass !== "public")
    .filter(({ backends }) =>
      backends.some((backend) => backend.kind === "local" && backend.model === name),
    )
    .map((each) => each.name);
}
