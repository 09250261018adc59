import { codeFolder } from "../../data/engine-switches.ts";
import { profiles } from "../../engines/profiles.ts";
import { vllm } from "../../engines/vllm.ts";
import type { Settings } from "../../model/settings.ts";
import { allOf, anyOf, items, list, pattern, quoted, string } from "../cel.ts";
import { type AdmissionCheck, eachHolds } from "../check.ts";
import { engine, isVllm } from "./demands.ts";
import { everyValue, flagsOf, reviewed, reviewedBelow, switches } from "./flags.ts";
import { matches } from "./variables.ts";

/** Whatever is loaded is named by its absolute path. */
export function model(): AdmissionCheck[] {
  const local = "^/[^/]";
  const flags = [...vllm.flags].flatMap(([name, { topic, safe, takes }]) => {
    if (topic !== "artefact" || takes === "values" || name.includes(".")) return [];
    const sound = (value: string) =>
      anyOf([
        `${value}.matches(${pattern(local)})`,
        ...(safe === undefined ? [] : [matches(value, safe)]),
      ]);
    return [everyValue(name, sound)];
  });
  const inner = `e.line.matches(r'"model"\\s*:\\s*(?:[^"\\s]|"(?:[^/]|/[/"]))')`;
  const position = `serve|${switches(vllm).map(quoted).join("|")}`;
  const hub = "^(?:[\\w.-]+=)?[\\w.][\\w.-]*/[\\w.-]+$|^[a-z][a-z0-9+.-]*://";
  return [
    engine(
      "A02",
      anyOf([
        `!(${isVllm})`,
        allOf([
          ...flags,
          `!${inner}`,
          `!e.line.matches(${pattern(`\\n(?:${position})\\n[^-/\\n]`)})`,
          `e.words.all(w, !w.matches(${pattern(hub)}) || e.line.contains("--served-model-name\\n" + w + "\\n"))`,
          `e.words.exists(w, w.matches(r'^(?:--model=)?/[^/]'))`,
        ]),
      ]),
      "names something to be loaded by anything but an absolute path",
      "name the model by its absolute path in the container",
    ),
  ];
}

/** What a script, a file or a variable tells an engine cannot be read here. */
export function followed(): AdmissionCheck[] {
  const launchers = vllm.launchers.map((patterns) =>
    allOf([
      `size(e.words) >= ${patterns.length}`,
      ...patterns.map((each, index) => matches(`e.words[${index}]`, each)),
    ]),
  );
  const files = list(profiles.flatMap(({ fileFlags }) => [...fileFlags]));
  return [
    engine(
      "A03",
      `e.kind in ["vllm", "known"]`,
      "is of no engine whose settings the rules know",
      `use an engine that the rules know: ${profiles.map(({ name }) => name).join(", ")}`,
    ),
    engine(
      "A03",
      anyOf([`!(${isVllm})`, "size(e.command) == 0", ...launchers]),
      "starts the engine in a way that the rules cannot follow",
      "start the engine directly, with each flag as a word of command or args",
    ),
    engine(
      "A03",
      allOf([
        `!${flagsOf}.exists(f, f in ${files})`,
        '!e.words.exists(w, w.split("=", 2)[0].contains("$("))',
        '!e.line.contains("\\\\u")',
      ]),
      "takes flags from where they cannot be read",
      "write each flag as a word of command or args",
    ),
    engine(
      "A03",
      "size(e.envFrom) == 0",
      "sets variables that nobody can review here",
      "list the variables in env",
    ),
    codeStays(),
  ];
}

/** A volume over a folder of code replaces it; a working directory on a volume is one for Python. */
function codeStays(): AdmissionCheck {
  const mounts = items("c", "volumeMounts");
  const path = "m.mountPath";
  const folder = string("c", "workingDir");
  const ran = { of: "variables.running", as: "c", noun: "container" };
  const named = `variables.engines.exists(e, e.name == c.name)`;
  return eachHolds(
    "A03",
    ran,
    anyOf([
      `!${named}`,
      `${mounts}.all(m, !${path}.matches(r'//|/\\.') && !${matches(path, codeFolder)} && (${folder} == "" || !(${folder} + "/").startsWith(${path} + "/")))`,
    ]),
    "has a volume where its image keeps code, or works in one",
    "mount volumes elsewhere, such as below /models or /scratch, and remove workingDir",
  );
}

/** Last, so that a setting that is known to be wrong is refused for what it does. */
export function known({ policies }: Settings): AdmissionCheck[] {
  const names = [...vllm.variables.keys(), ...policies.engineVariables];
  return [
    engine(
      "A03",
      anyOf([
        `!(${isVllm})`,
        `${flagsOf}.all(f, f in ${list(reviewed(policies.engineFlags))} || f.matches(${pattern(reviewedBelow())}) || f.matches(r'^-O[0-9]?$'))`,
      ]),
      "holds a flag that is not among the reviewed ones",
      "write the flag in full, or list it in policies.engineFlags of the stack after a review",
    ),
    engine(
      "A03",
      anyOf([`!(${isVllm})`, `e.env.all(v, v.name in ${list(names)})`]),
      "sets a variable that is not among the reviewed ones",
      "remove it, or list it in policies.engineVariables of the stack after a review",
    ),
  ];
}
