import type { z } from "zod";

/** One thing wrong with a stack file. */
export interface Fault {
  readonly path: readonly PropertyKey[];
  /** Value where it helps, reason and remedy. */
  readonly message: string;
}

/** A stack file that cannot be used; the message lists every fault. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[], project: string) {
    const lines = faults.map((fault) => `  ${project}:${formatPath(fault.path)}: ${fault.message}`);
    super(
      `the stack is misconfigured (${faults.length} ${faults.length === 1 ? "fault" : "faults"})\n${lines.join("\n")}`,
    );
    this.faults = faults;
  }
}

const unknownKey = "unknown key; check its spelling and its place (docs/configuration.md)";

/** What people look for in a model, and this product does not do. */
function unsupported(key: string): string | undefined {
  if (/lora|adapter/i.test(key)) {
    return "LoRA adapters are not served; merge the adapter into its base and declare the result in catalogue (docs/models.md)";
  }
  if (/^(?:nodes|pipelineParallel|pipelineParallelSize|workers|hosts)$/i.test(key)) {
    return "a replica never spans nodes; choose gpus that one node has, or store the weights in fewer bits (precision)";
  }
  return undefined;
}

/** Zod's issues as faults that name the value: "12 is not ...". */
export function faultsOf(error: z.ZodError, input: unknown): Fault[] {
  return error.issues.flatMap((issue): Fault[] => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({
        path: [...issue.path, key],
        message: issue.path[0] === "models" ? (unsupported(key) ?? unknownKey) : unknownKey,
      }));
    }
    // Our own checks name the value themselves.
    if (issue.code === "custom") return [{ path: issue.path, message: issue.message }];
    const value = valueAt(input, issue.path);
    const reason = issue.message.replace(/^Invalid input: /, "");
    const message = value === undefined ? `missing; ${reason}` : `${show(value)}: ${reason}`;
    return [{ path: issue.path, message }];
  });
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let here = input;
  for (const step of path) {
    if (typeof here !== "object" || here === null) return undefined;
    here = Reflect.get(here, step);
  }
  return here;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return text === "" ? String(step) : `${text}.${String(step)}`;
  }, "");
}
