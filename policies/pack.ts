import { PolicyPack } from "@pulumi/policy";
import { policiesOf } from "./pack/policies.ts";
import { rules } from "./rules.ts";

/** Serves the pack: the one effect of these modules. */
export const pack = new PolicyPack("private-llm", {
  displayName: "Private LLM",
  description: "What a private LLM stack must hold so that nothing leaves it.",
  enforcementLevel: "mandatory",
  policies: policiesOf(rules),
});
