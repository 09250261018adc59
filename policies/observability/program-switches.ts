import { type ConfigText, documentsOf, lookUp } from "../kubernetes/config-data.ts";
import { commandLine } from "../kubernetes/engine.ts";
import { type Environment, environmentOf, mayProvide } from "../kubernetes/environment.ts";
import { parseImage } from "../kubernetes/images.ts";
import { type Field, get, isUnreadable } from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import type { Violation } from "../model/rule.ts";
import { unreadable, violation } from "../model/violation.ts";
import { settingOf } from "./ini.ts";
import { type Program, programs, type Switch } from "./phone-home.ts";

/** The programs that a container runs, by its image and by the first words of its command. */
export function programsOf(container: Field): readonly Program[] {
  const image = get(container, "image").value;
  const path = typeof image === "string" ? (parseImage(image)?.path ?? image) : "";
  const names = [
    path,
    ...commandLine(container)
      .slice(0, 2)
      .map((word) => word ?? ""),
  ].map((word) => word.slice(word.lastIndexOf("/") + 1).toLowerCase());
  return programs.filter(({ name }) => names.some((each) => name.test(each)));
}

/** Whether each switch of a program is off, where the program looks for it. */
export function checkProgram(
  object: KubeObject,
  container: Field,
  program: Program,
  files: readonly ConfigText[],
): readonly Violation[] {
  const environment = environmentOf(container);
  const words = commandLine(container);
  return [
    ...program.switches.flatMap((each) =>
      checkSwitch(object, container, each, { environment, words, files }),
    ),
    ...(program.downloads ?? []).flatMap((name) => refuseDownload(object, environment, name)),
  ];
}

interface Sources {
  readonly environment: Environment;
  readonly words: readonly (string | undefined)[];
  readonly files: readonly ConfigText[];
}

/** A variable counts before a flag, and a flag before a file. */
function checkSwitch(
  object: KubeObject,
  container: Field,
  wanted: Switch,
  { environment, words, files }: Sources,
): readonly Violation[] {
  const name = wanted.variable;
  const entry = name === undefined ? undefined : environment.variables.get(name);
  if (name !== undefined && entry !== undefined) return checkVariable(object, entry, name, wanted);
  if (name !== undefined) {
    const hidden = [
      ...environment.undecided,
      ...environment.sources.filter((source) => mayProvide(source, name)),
    ];
    if (hidden.length > 0) {
      const problem = `could turn ${name} on from outside this object`;
      return hidden.map((field) => violation(object, field, problem, `set ${name} in env`));
    }
  }
  const flag = flagOf(words, wanted.flag);
  if (flag !== undefined) return judge(object, get(container, "args"), flag, wanted);
  const said = files.flatMap((file) => fileValues(file, wanted.file));
  if (said.length > 0) {
    return said.flatMap(({ field, owner }) => judge(owner, field, field.value, wanted));
  }
  if (wanted.offByDefault === true) return [];
  const problem = `runs a program that talks to its maker: nothing turns ${titleOf(wanted)} off`;
  return [violation(object, container, problem, remedyOf(wanted))];
}

function checkVariable(
  object: KubeObject,
  entry: Field,
  name: string,
  wanted: Switch,
): readonly Violation[] {
  const value = get(entry, "value");
  if (isUnreadable(value)) return [unreadable(object, value)];
  if (isOff(value.value, wanted.off)) return [];
  const problem = `does not turn ${name} off`;
  return [violation(object, value, problem, remedyOf(wanted))];
}

function judge(
  object: KubeObject,
  field: Field,
  value: Field["value"],
  wanted: Switch,
): readonly Violation[] {
  if (isUnreadable(field)) return [unreadable(object, field)];
  if (isOff(value, wanted.off)) return [];
  const problem = `does not turn ${titleOf(wanted)} off`;
  return [violation(object, field, problem, remedyOf(wanted))];
}

export function isOff(value: Field["value"], off: readonly string[]): boolean {
  if (typeof value !== "string" && typeof value !== "boolean" && typeof value !== "number") {
    return false;
  }
  return off.includes(String(value).toLowerCase());
}

/** `--flag=value`, `--flag value`, or the flag alone, which means true. */
function flagOf(words: readonly (string | undefined)[], flag: string | undefined) {
  if (flag === undefined) return undefined;
  const index = words.findLastIndex((word) => {
    const name = word?.replace(/^--?/, "").split("=")[0]?.toLowerCase();
    return word?.startsWith("-") === true && name === flag;
  });
  const word = words[index];
  if (word === undefined) return undefined;
  const at = word.indexOf("=");
  if (at >= 0) return word.slice(at + 1);
  const next = words[index + 1];
  return next === undefined || next.startsWith("-") ? "true" : next;
}

/** What a file says at a path: YAML and JSON by their structure, everything else by its sections. */
function fileValues(file: ConfigText, path: readonly string[] | undefined) {
  if (path === undefined) return [];
  const owner = file.object;
  const section = path.slice(0, -1).join(".");
  const key = path.at(-1) ?? "";
  if (/\.(?:ini|toml|cfg)$/.test(file.key) || /^\s*\[[\w."]+\]\s*$/m.test(file.text)) {
    const value = settingOf(file.text, section.toLowerCase(), key.toLowerCase());
    return value === undefined ? [] : [{ field: { path: file.field.path, value }, owner }];
  }
  if (!file.text.toLowerCase().includes(key.toLowerCase())) return [];
  return documentsOf(file)
    .map((document) => ({ field: lookUp(document, ...path), owner }))
    .filter(({ field }) => field.value !== undefined);
}

function refuseDownload(
  object: KubeObject,
  environment: Environment,
  name: string,
): readonly Violation[] {
  const entry = environment.variables.get(name);
  if (entry === undefined || get(entry, "value").value === "") return [];
  const problem = `makes the program download code (${name})`;
  return [violation(object, entry, problem, "put the code into the image")];
}

function titleOf({ variable, file, flag }: Switch): string {
  return file?.join(".") ?? variable ?? flag ?? "it";
}

function remedyOf(wanted: Switch): string {
  const [value] = wanted.off;
  const { variable, file, flag } = wanted;
  if (file !== undefined) return `set ${file.join(".")} to ${value} in the file that it mounts`;
  if (variable !== undefined) return `set the environment variable ${variable} to "${value}"`;
  return `add the argument --${flag}=${value}`;
}
