import type { ChangeRequest } from "../../migration/change-request.ts";
import { commandLine } from "../support/arguments.ts";
import { timeoutSeconds } from "../support/deployment.ts";
import { UsageError } from "../support/usage.ts";

export const usage = `usage: traffic status [--watch] [--json]
       traffic set CLASS --weights BACKEND=PERCENT,… --reason TEXT
       traffic promote PHASE [CLASS…] [--reason TEXT]
       traffic rollback CLASS…|--all [--reason TEXT]
       traffic clear [CLASS…] [--reason TEXT]
       traffic history [--verify] [--json]
  status    who answers which class, as the stack wants it and as it is
  set       shares of one class
  promote   shares of a phase (poc, canary, expand, full, hybrid); without classes for all that may leave
  rollback  everything back to the provider that a class came from
  clear     back to what the stack says
  history   every change, who made it and why; --verify proves that none was altered or removed
  --stack NAME     which stack (default: dev)
  --context NAME, --kubeconfig FILE  which cluster, where it is not the stack's own
  --timeout SECONDS  how long to wait until every gateway replica has the change (default: 10)
exit:  0 in force, 1 not everywhere or not as it should be, 2 usage, configuration or refused, 130 interrupted`;

export interface Place {
  readonly stack: string;
  readonly context: string | undefined;
  readonly kubeconfig: string | undefined;
}

export type TrafficCall =
  | { readonly verb: "help" }
  | { readonly verb: "status"; readonly watch: boolean; readonly json: boolean }
  | { readonly verb: "history"; readonly verify: boolean; readonly json: boolean }
  | {
      readonly verb: "change";
      readonly request: ChangeRequest;
      readonly reason: string;
      readonly timeout: number;
      readonly json: boolean;
    };

const options = {
  stack: { type: "string", default: "dev" },
  context: { type: "string" },
  kubeconfig: { type: "string" },
  weights: { type: "string" },
  reason: { type: "string" },
  timeout: { type: "string", default: "10" },
  all: { type: "boolean", default: false },
  watch: { type: "boolean", default: false },
  verify: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

type Verb = "status" | "set" | "promote" | "rollback" | "clear" | "history";

/** Options of one command alone; given to another they would be silently ignored. */
const own: Readonly<Record<string, readonly Verb[]>> = {
  weights: ["set"],
  reason: ["set", "promote", "rollback", "clear"],
  all: ["rollback"],
  watch: ["status"],
  verify: ["history"],
};
const verbs: readonly Verb[] = ["status", "set", "promote", "rollback", "clear", "history"];

/** @throws UsageError */
export function trafficCall(args: readonly string[]): { call: TrafficCall; place: Place } {
  const { values, positionals } = commandLine(usage, {
    args: [...args],
    allowPositionals: true,
    options,
  });
  const { stack, context, kubeconfig } = values;
  const place = { stack, context, kubeconfig };
  if (values.help) return { call: { verb: "help" }, place };
  const [first, ...rest] = positionals;
  const verb = verbs.find((each) => each === first);
  if (verb === undefined) {
    throw new UsageError(
      `${first === undefined ? "say what to do" : `"${first}" is no command`}\n${usage}`,
    );
  }
  for (const [option, of] of Object.entries(own)) {
    const given = Object.entries(values).some(
      ([name, value]) => name === option && value !== undefined && value !== false,
    );
    if (given && !of.includes(verb)) {
      throw new UsageError(`--${option} belongs to ${of.join(", ")}, not to ${verb}\n${usage}`);
    }
  }
  return { call: callOf(verb, rest, values), place };
}

type Values = ReturnType<typeof commandLine<{ options: typeof options }>>["values"];

function callOf(verb: Verb, rest: readonly string[], values: Values): TrafficCall {
  const { watch, verify, json } = values;
  switch (verb) {
    case "status":
      none(rest);
      return { verb, watch, json };
    case "history":
      none(rest);
      return { verb, verify, json };
    case "set":
    case "promote":
    case "rollback":
    case "clear": {
      const request = requestOf(verb, rest, values);
      const reason = values.reason ?? defaultReason(request);
      return { verb: "change", request, reason, timeout: timeoutSeconds(values.timeout), json };
    }
    default:
      verb satisfies never;
      throw new Error("unreachable");
  }
}

function requestOf(
  verb: "set" | "promote" | "rollback" | "clear",
  rest: readonly string[],
  { weights, all }: Values,
): ChangeRequest {
  const [first, ...others] = rest;
  switch (verb) {
    case "set":
      if (first === undefined || weights === undefined) {
        throw new UsageError(`set needs a class and --weights\n${usage}`);
      }
      none(others);
      return { action: verb, class: first, weights: weightsFrom(weights) };
    case "promote":
      if (first === undefined) throw new UsageError(`promote needs a phase\n${usage}`);
      return { action: verb, phase: first, classes: others };
    case "rollback":
      if (all === rest.length > 0) {
        throw new UsageError(`rollback needs classes or --all, and not both\n${usage}`);
      }
      return { action: verb, classes: all ? "all" : rest };
    case "clear":
      return { action: verb, classes: rest };
    default:
      verb satisfies never;
      throw new Error("unreachable");
  }
}

/** Speed counts where one goes back or follows a plan; shares of one's own need a reason of one's own. */
function defaultReason(request: ChangeRequest): string {
  switch (request.action) {
    case "set":
      throw new UsageError(
        `set needs --reason TEXT: shares that are in no plan need a reason\n${usage}`,
      );
    case "promote":
      return `promote to ${request.phase}`;
    case "rollback":
      return "rollback";
    case "clear":
      return "back to what the stack says";
    default:
      request satisfies never;
      throw new Error("unreachable");
  }
}

/** `a=10,b=90` */
export function weightsFrom(text: string): Record<string, number> {
  const pairs = text.split(",").map((pair) => {
    const match = /^([^=\s]+)=(\d{1,3})%?$/.exec(pair.trim());
    const [, name, percent] = match ?? [];
    if (name === undefined || percent === undefined) {
      throw new UsageError(
        `--weights ${text}: "${pair}" is not BACKEND=PERCENT with a whole number; write as in self-hosted=10,gpt-4-turbo=90`,
      );
    }
    return [name, Number(percent)] as const;
  });
  const names = pairs.map(([name]) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new UsageError(`--weights ${text}: ${twice} is there twice`);
  return Object.fromEntries(pairs);
}

function none(rest: readonly string[]): void {
  if (rest.length > 0) throw new UsageError(`leave out ${rest.join(", ")}\n${usage}`);
}
