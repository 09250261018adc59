import { oneTokenCommand } from "../../../components/lib/one-token-probe.ts";
import {
  verifierArgs,
  verifierName,
  weightsImage,
} from "../../../components/lib/weights/verifier.ts";
import { kubeletHandlers } from "../../data/pod-security.ts";
import { steering } from "../../kubernetes/command-faults.ts";
import {
  engineModules,
  fetchers,
  installers,
  interpreters,
  shells,
  unmistakable,
} from "../../kubernetes/programs.ts";
import type { Settings } from "../../model/settings.ts";
import { allOf, anyOf, items, list, pattern, quoted, text } from "../cel.ts";
import { type AdmissionCheck, eachContainer, eachHolds } from "../check.ts";
import { matches } from "../engines/variables.ts";
import { brokeGlass } from "../targets/access.ts";

const isEngine = "variables.engines.exists(e, e.name == c.name)";

/** Which containers a pod may hold, and what they may run (W05). */
export function containers(settings: Settings): AdmissionCheck[] {
  const allowed = list(settings.policies.containers);
  const others = `${items("variables.spec", "containers")}.filter(c, !(c.name in ${allowed}))`;
  const initial = { of: items("variables.spec", "initContainers"), as: "c", noun: "container" };
  return [
    eachHolds(
      "W05",
      initial,
      `c.name in ${allowed} || (${verifies(settings)})`,
      "is an init container or sidecar that the stack does not name",
      "remove it, or list its name in policies.containers",
    ),
    {
      rule: "W05",
      holds: `size(${others}) <= 1 && ${others}.all(c, ${isEngine})`,
      problem: "holds containers beside the engine that the stack does not name",
      remedy: "remove them, or list their names in policies.containers",
    },
    {
      rule: "W05",
      holds: `size(${items("variables.spec", "ephemeralContainers")}) == 0 || ${brokeGlass(settings)}`,
      problem: "would be debugged from inside, where prompts can be read",
      remedy: "use the API, or act as a group of access.breakGlass of the stack file",
    },
    eachHolds(
      "W05",
      eachContainer,
      runsNothingElse(
        `(${items("c", "command")} + ${items("c", "args")})`,
        `size(${items("c", "command")}) > 0`,
      ),
      "runs a shell, fetches something, or brings in code",
      "start the program itself, without a shell; fetch nothing at run time",
    ),
    eachHolds(
      "W05",
      eachContainer,
      `[${kubeletHandlers.map((path) => items("c", ...path, "exec", "command")).join(", ")}].all(h, ${handlerHolds("h")})`,
      "has a hook or probe that runs something else than the engine's own check",
      "wait with a sleep hook, and ask the engine over its own port with httpGet",
    ),
  ];
}

/** The verifier of weights from the stack's own registry, with its own words and nothing that could change them. */
function verifies({ registry }: Settings): string {
  const image = `^${quoted(registry === undefined ? "" : `${registry}/`)}${registry === undefined ? "(?:.*/)?" : ""}${quoted(weightsImage)}@sha256:[0-9a-f]{64}$`;
  const words = `^${quoted(verifierArgs("/").join("\n"))}[^\\n]*$`;
  return allOf([
    `c.name == ${text(verifierName)}`,
    `c.image.matches(${pattern(image)})`,
    `${items("c", "args")}.join("\\n").matches(${pattern(words)})`,
    ...["command", "env", "envFrom"].map((name) => `size(${items("c", name)}) == 0`),
    ...["lifecycle", "restartPolicy", "workingDir"].map((name) => `!has(c.${name})`),
  ]);
}

/** File names of programs, with the versions that may stand behind them. */
function programs(...tables: readonly ReadonlySet<string>[]): string {
  const names = [...new Set(tables.flatMap((table) => [...table]))].map(quoted);
  return `(?:${names.join("|")})[0-9.-]*(?:\\.exe)?`;
}

const never = programs(shells, fetchers, installers);
const anywhere = programs(unmistakable);

/**
 * CEL on a list of words. Programs behind a wrapper such as `nice`, and text for an interpreter, are judged
 * by the rules of the stack; here a program counts where it stands first, lies in a folder of programs, or has
 * a name that is no sensible value of a flag.
 */
function runsNothingElse(words: string, named: string): string {
  const script = `w.matches(r'[\\s;|&\`]') && !w.matches(r'^(?:--[\\w.-]+=)?[{\\[]')`;
  return allOf([
    `!(${named}) || !${words}[0].matches(${pattern(`(?i)(?:^|/)${never}$`)})`,
    `!${words}.exists(w, ${anyOf([
      `w.matches(${pattern(`(?i)(?:^|/)${anywhere}$`)})`,
      `w.matches(${pattern(`(?i)^/(?:[^\\s:=]+/)?s?bin/${never}$`)})`,
      matches("w", steering),
      `${script} && w.matches(${pattern(`(?i)(?:^|[^\\w./-])(?:[\\w./-]*/)?${anywhere}(?:$|[^\\w.-])`)})`,
    ])})`,
    interpretsFiles(words, named),
  ]);
}

/** An interpreter is told to run a file, or a module that serves a model: text can be anything. */
function interpretsFiles(words: string, named: string): string {
  const python = "(?:^|/)python[0-9.]*";
  const flags = "(?:\\n-(?:B|E|I|O|OO|P|b|d|q|s|u|v))*";
  const module = engineModules.source.replace(/^\^/, "");
  const file = "(?:/\\S+|[\\w.][\\w./-]*\\.\\w+)(?:\\n|$)";
  const line = `${words}.join("\\n")`;
  return allOf([
    `!${words}.exists(w, w.matches(r'${python}$')) || ${line}.matches(${pattern(`(?:^|\\n|/)python[0-9.]*${flags}\\n(?:-m\\n${module}|${file})`)})`,
    `!(${named}) || !${words}[0].matches(${pattern(`(?i)(?:^|/)${programs(interpreters)}$`)}) || ${words}[0].matches(r'${python}$') || ${line}.matches(${pattern(`^\\S+\\n${file}`)})`,
  ]);
}

/** Either the product's own check of the engine, word for word, or a program that is none of the above. */
function handlerHolds(words: string): string {
  return anyOf([
    `size(${words}) == 0`,
    `${words}.join("\\n").matches(${pattern(ownCheck())})`,
    allOf([
      runsNothingElse(words, "true"),
      `!${words}.exists(w, w.matches(r'//|:[0-9]+(?:$|[/\\s])') && !w.matches(r'(?:127\\.0\\.0\\.1|localhost|\\[::1\\])'))`,
    ]),
  ]);
}

/** The check for whatever model and port. */
function ownCheck(): string {
  const name = "NAME";
  const port = 65_000;
  const command = oneTokenCommand({ servedName: name, port }).join("\n");
  return `^${quoted(command)
    .replace(quoted(text(name)), '"[^"\\\\\\n]*"')
    .replace(String(port), "[0-9]{1,5}")}$`;
}
