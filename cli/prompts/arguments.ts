import { commandLine } from "../support/arguments.ts";
import { UsageError } from "../support/usage.ts";

export const usage = `usage: npm run prompts -- check FILE|DIR … [--model NAME] [--template FILE] [--context TOKENS] [--format text|json]
       npm run prompts -- render LIBRARY --model NAME [--template FILE] [--prompt ID] [--format text|json]
       npm run prompts -- compare --from NAME --to NAME [--from-template FILE] [--to-template FILE] [--format text|json]
exit:  0 nothing to change, 1 something to change or a conversation refused, 2 usage or a file that cannot be used`;

interface Common {
  readonly json: boolean;
}

export type Arguments =
  | { readonly command: "help" }
  | (Common & {
      readonly command: "check";
      readonly paths: readonly string[];
      readonly model: string | undefined;
      readonly template: string | undefined;
      readonly context: number | undefined;
    })
  | (Common & {
      readonly command: "render";
      readonly library: string;
      readonly model: string;
      readonly template: string | undefined;
      readonly prompt: string | undefined;
    })
  | (Common & {
      readonly command: "compare";
      readonly from: string;
      readonly to: string;
      readonly fromTemplate: string | undefined;
      readonly toTemplate: string | undefined;
    });

const own = {
  check: ["model", "template", "context"],
  render: ["model", "template", "prompt"],
  compare: ["from", "to", "from-template", "to-template"],
} as const;

/** @throws UsageError with what to write instead */
export function readArguments(): Arguments {
  const text = { type: "string" } as const;
  const { values, positionals } = commandLine(usage, {
    allowPositionals: true,
    options: {
      model: text,
      template: text,
      context: text,
      prompt: text,
      from: text,
      to: text,
      "from-template": text,
      "to-template": text,
      format: text,
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help === true) return { command: "help" };
  const [command, ...paths] = positionals;
  if (command !== "check" && command !== "render" && command !== "compare") {
    throw wrong(`${command ?? "nothing"} is no command; write check, render or compare`);
  }
  const allowed: readonly string[] = ["format", ...own[command]];
  const foreign = Object.keys(values).filter((name) => !allowed.includes(name));
  if (foreign.length > 0) throw wrong(`--${foreign.join(", --")}: not an option of ${command}`);
  const json = formatOf(values.format) === "json";
  const { model, template, prompt, from, to } = values;
  switch (command) {
    case "check":
      if (paths.length === 0) throw wrong("name the files or folders to check");
      if (model === undefined && (template ?? values.context) !== undefined) {
        throw wrong("--template and --context say something about a model; add --model NAME");
      }
      return { command, json, paths, model, template, context: contextOf(values.context) };
    case "render": {
      const [library, ...more] = paths;
      if (library === undefined || more.length > 0) throw wrong("name one library");
      if (model === undefined) throw wrong("say for which model: --model NAME");
      return { command, json, library, model, template, prompt };
    }
    case "compare": {
      if (paths.length > 0) throw wrong(`leave out ${paths.join(", ")}: samples are compared`);
      if (from === undefined || to === undefined) throw wrong("give --from NAME and --to NAME");
      const { "from-template": fromTemplate, "to-template": toTemplate } = values;
      return { command, json, from, to, fromTemplate, toTemplate };
    }
    default:
      command satisfies never;
      throw new Error("unreachable");
  }
}

function wrong(message: string): UsageError {
  return new UsageError(`${message}\n${usage}`);
}

function formatOf(given = "text"): "text" | "json" {
  if (given === "text" || given === "json") return given;
  throw wrong(`--format ${given}: write text or json`);
}

function contextOf(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const tokens = Number(given);
  if (Number.isSafeInteger(tokens) && tokens > 0) return tokens;
  throw wrong(`--context ${given}: give whole tokens, as in --context 8192`);
}
