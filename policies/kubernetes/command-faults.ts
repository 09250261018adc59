import { addressFault } from "../../components/lib/cidr.ts";
import { isOneTokenCommand } from "../../components/lib/one-token-probe.ts";
import { type Field, get, textOf } from "../model/field.ts";
import { isLoopback } from "./addresses.ts";
import { literalWords, type Word, wordsOf } from "./command-words.ts";
import { environmentOf } from "./environment.ts";
import { isProgramPath, type Program, programOf, runsFile, scriptOf } from "./programs.ts";
import { cleanPath, isBelow, mountsOf } from "./volumes.ts";

/** Where a command is at fault, and why. */
export interface CommandFault {
  readonly field: Field;
  readonly problem: string;
}

/** Commands that the kubelet runs inside a container, by where they stand. */
const handlers = [
  ["startupProbe"],
  ["readinessProbe"],
  ["livenessProbe"],
  ["lifecycle", "postStart"],
  ["lifecycle", "preStop"],
];

/** Faults of everything that a container is told to run: its own command, hooks and probes. */
export function commandFaults(container: Field, spec: Field): readonly CommandFault[] {
  const command = wordsOf(get(container, "command"), container);
  const args = wordsOf(get(container, "args"), container);
  const origin = originOf(container, spec);
  return [
    ...faultsOf([...command, ...args], command.length > 0, origin),
    ...(command.length > 0 ? [] : entrypointFault(args)),
    ...pathFaults(container, origin),
    ...handlers.flatMap((path) => {
      const words = literalWords(get(container, ...path, "exec", "command"));
      return isOwnCheck(words) ? [] : [...faultsOf(words, true, origin), ...addressFaults(words)];
    }),
  ];
}

/** What tells a file of the image from one that somebody put beside it. */
interface Origin {
  /** Folders that do not come from the image. */
  readonly volumes: readonly string[];
  readonly workingDir: string | undefined;
}

function originOf(container: Field, spec: Field): Origin {
  const paths = mountsOf(container, spec).map(({ path }) => path);
  return {
    volumes: paths.filter((path) => path !== undefined),
    workingDir: textOf(get(container, "workingDir")),
  };
}

function isForeign(file: string, { volumes, workingDir }: Origin): boolean {
  const path = file.startsWith("/") ? file : `${workingDir ?? ""}/${file}`;
  const clean = cleanPath(path);
  return volumes.some((folder) => isBelow(clean, folder));
}

/** A flag that hands code to whatever shell or interpreter the image starts. */
function entrypointFault(args: readonly Word[]): readonly CommandFault[] {
  const [first] = args;
  if (first === undefined || !/^-[a-z]*[ce]$/.test(first.text ?? "")) return [];
  return [fault(first.field, "hands code to the program that the image starts")];
}

/** A folder of a volume in PATH makes any bare name a program that no digest pins. */
function pathFaults(container: Field, origin: Origin): readonly CommandFault[] {
  const entry = environmentOf(container).variables.get("PATH");
  if (entry === undefined) return [];
  const value = get(entry, "value");
  const folders = textOf(value)?.split(":");
  if (folders !== undefined && !folders.some((folder) => isForeign(folder, origin))) return [];
  return [fault(value, "makes PATH lead into a volume, or nobody knows where")];
}

/** The product's own liveness check: what any other text for an interpreter does, no rule can tell. */
function isOwnCheck(words: readonly Word[]): boolean {
  const texts = words.map(({ text }) => text);
  return (
    !texts.includes(undefined) && isOneTokenCommand(texts.filter((text) => text !== undefined))
  );
}

/** @param named whether the first word is the program, rather than an argument of the image's own */
function faultsOf(words: readonly Word[], named: boolean, origin: Origin): readonly CommandFault[] {
  let starting = named;
  return words.flatMap(({ field, text }, index) => {
    if (text === undefined) {
      return [fault(field, "is decided outside this object, so it may be any program")];
    }
    const program = programOf(text);
    const candidate = starting && !isOption(text);
    if (candidate && program.kind !== "wrapper") starting = false;
    if (steering.test(text))
      return [fault(field, "changes what programs run, on the command line")];
    if (/[\s;|&`]/.test(text)) return scriptFault(field, text);
    if (!candidate && !program.unmistakable && !isProgramPath(text)) return [];
    const rest = words.slice(index + 1).map((word) => word.text ?? "");
    const problem =
      programProblem(program, rest) ?? volumeProblem(program, text, rest, candidate, origin);
    return problem === undefined ? [] : [fault(field, problem)];
  });
}

/** What may stand between a wrapper and the program that it starts: flags, numbers, assignments. */
function isOption(text: string): boolean {
  return /^(?:-.*|[\d.,:-]+[smhd]?|\w+=.*)$/.test(text);
}

/** Assignments before a program that decide which program, or which code, it is. */
export const steering = /^(?:PATH|LD_\w+|PYTHON\w*|BASH_ENV|ENV|NODE_OPTIONS|PERL5\w+|RUBY\w+)=/;

/** No digest pins what lies in a volume. */
function volumeProblem(
  program: Program,
  text: string,
  rest: readonly string[],
  candidate: boolean,
  origin: Origin,
): string | undefined {
  const files = [
    ...(candidate && text.includes("/") ? [text] : []),
    ...(program.kind === "interpreter" ? [scriptOf(rest) ?? ""] : []),
  ];
  const foreign = files.some((file) => file !== "" && isForeign(file, origin));
  return foreign ? "runs a program from a volume, which no digest pins" : undefined;
}

function fault(field: Field, problem: string): CommandFault {
  return { field, problem };
}

/** A word with white space or operators is text for a shell or an interpreter, if it looks like one. */
function scriptFault(field: Field, text: string): readonly CommandFault[] {
  if (isJson(text)) return [];
  const programs = text.split(/[^\w./-]+/).map(programOf);
  const found = programs.find((program) => program.unmistakable);
  if (found !== undefined) return [fault(field, `is a script that runs "${found.name}"`)];
  const script = /;|&&|\|\||`|\/dev\/(?:tcp|udp)\/|\S\s*\n\s*\S/.test(text);
  return script ? [fault(field, "is a script that no rule can judge")] : [];
}

/** Engines take objects of settings on their command line, also behind a flag. */
function isJson(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text.replace(/^--[\w.-]+=/, ""));
    return typeof value === "object";
  } catch {
    return false;
  }
}

function programProblem(program: Program, rest: readonly string[]): string | undefined {
  switch (program.kind) {
    case "shell":
      return `runs the shell "${program.name}"`;
    case "fetcher":
      return `runs "${program.name}", which connects to wherever it is told`;
    case "installer":
      return `runs "${program.name}", which brings in further code`;
    case "interpreter":
      return runsFile(program, rest)
        ? undefined
        : `runs "${program.name}" on text that no rule can judge`;
    case "wrapper":
    case "other":
      return undefined;
    default:
      program.kind satisfies never;
      throw new Error("unreachable");
  }
}

/** A probe or hook has nothing to ask outside its own pod. */
function addressFaults(words: readonly Word[]): readonly CommandFault[] {
  return words.flatMap(({ field }) => {
    const text = textOf(field) ?? "";
    const hosts = [...text.matchAll(/\/\/(?:[^/\s@]*@)?(\[[^\]\s]*\]|[^/:\s"'?#]+)/g)]
      .concat([...text.matchAll(/(?:^|[=\s])(\[[^\]\s]*\]|[\w.-]+):\d{1,5}(?=$|[/\s])/g)])
      .map((match) => (match[1] ?? "").replaceAll(/[[\]]/g, ""));
    const addresses = text.split(/[\s=,]+/).filter((part) => addressFault(part) === undefined);
    const foreign = [...hosts, ...addresses].find((host) => host !== "" && !isLoopback(host));
    if (foreign === undefined) return [];
    return [fault(field, `talks to "${foreign.slice(0, 80)}", which is not the pod itself`)];
  });
}
