import { PolicyPack } from "@pulumi/policy";
import { dayOf } from "../components/lib/day.ts";
import { policiesOf } from "./pack/policies.ts";
import { rules } from "./rules.ts";
import { settingsOfUrn } from "./settings/stack-file.ts";

/** Serves the pack: the one effect of these modules. */
export const pack = new PolicyPack("private-llm", {
  displayName: "Private LLM",
  description: "What a private LLM stack must hold so that nothing leaves it.",
  enforcementLevel: "mandatory",
  policies: policiesOf(rules, {
    today: dayOf(new Date()),
    settingsOf: settingsOfUrn,
    // The engine shows what a pack writes there as a diagnostic; the first line of standard output is its port.
    tell: (line) => process.stderr.write(`${line}\n`),
  }),
});
