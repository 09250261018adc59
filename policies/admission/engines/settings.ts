import {
  flashInferSwitches,
  mediaDomainsFlag,
  mediaRedirects,
  noDomain,
  offlineSwitches,
  otherHub,
  usageServer,
  usageSwitches,
} from "../../data/engine-switches.ts";
import type { Topic } from "../../engines/facts.ts";
import type { Settings } from "../../model/settings.ts";
import { allOf, anyOf, list, pattern, quoted } from "../cel.ts";
import type { AdmissionCheck } from "../check.ts";
import { engine, isSet, isUnset, isVllm } from "./demands.ts";
import { everyValueUpTo, flagsHold, otherFlagsHold, variablesHold } from "./flags.ts";
import { matches } from "./variables.ts";

export function usage(): AdmissionCheck[] {
  return [
    engine(
      "A01",
      anyOf(usageSwitches.map((name) => isSet(name, "1"))),
      "reports how it is used",
      `set ${usageSwitches[0]} to "1"`,
    ),
    engine("A01", isUnset(usageServer), `may set ${usageServer}`, `remove ${usageServer}`),
  ];
}

export function offline(): AdmissionCheck[] {
  return [
    ...offlineSwitches.map((name) =>
      engine("A02", isSet(name, "1"), `lacks ${name}, which must be "1"`, `set ${name} to "1"`),
    ),
    engine(
      "A02",
      anyOf([`!(${isVllm})`, ...flashInferSwitches.map(({ name, wanted }) => isSet(name, wanted))]),
      "fetches kernels when it starts",
      flashInferSwitches.map(({ name, wanted }) => `set ${name} to "${wanted}"`).join(" or "),
    ),
    engine(
      "A02",
      anyOf([
        isUnset(otherHub.name),
        ...otherHub.harmless.map((value) => isSet(otherHub.name, value)),
      ]),
      `may set ${otherHub.name}`,
      `remove ${otherHub.name}`,
    ),
    engine(
      "A02",
      variablesHold("artefact"),
      "sets a variable that points it at a model hub",
      "remove the variable",
    ),
  ];
}

/** Topics of the tables, with the rule that judges each and what it is about. */
const judged: readonly (readonly [rule: string, topic: Topic, problem: string])[] = [
  ["A03", "code", "can load code from outside its image"],
  ["A04", "media", "can fetch media that a request names"],
  ["A05", "logging", "writes prompts or answers to its log"],
  ["A06", "tools", "lets the model call tools"],
  ["A07", "surface", "opens what developers need and clients must not have"],
];

export function topics(): AdmissionCheck[] {
  return judged.map(([rule, topic, problem]) =>
    engine(
      rule,
      allOf([
        anyOf([`!(${isVllm})`, flagsHold(topic)]),
        anyOf([isVllm, otherFlagsHold(topic)]),
        variablesHold(topic),
      ]),
      problem,
      "remove the flag or the variable, or give it a harmless value; npm run check names it",
    ),
  );
}

export function media({ policies }: Settings): AdmissionCheck[] {
  const allowed = (domain: string) =>
    anyOf([matches(domain, noDomain), `${domain} in ${list(policies.mediaDomains)}`]);
  return [
    engine(
      "A04",
      anyOf([`!(${isVllm})`, isSet(mediaRedirects, "0")]),
      "follows redirects of media",
      `set ${mediaRedirects} to "0"`,
    ),
    engine(
      "A04",
      anyOf([
        `!(${isVllm})`,
        allOf([
          `e.line.matches(${pattern(`\\n${quoted(mediaDomainsFlag)}\\n[^-\\n]`)})`,
          everyValueUpTo(mediaDomainsFlag, allowed),
        ]),
      ]),
      "fetches media from domains that the stack does not allow",
      `start the engine with ${mediaDomainsFlag}=none.invalid, or with domains of policies.mediaDomains`,
    ),
  ];
}
