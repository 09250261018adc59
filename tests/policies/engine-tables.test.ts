import test from "ava";
import type { EngineProfile, Topic } from "../../policies/engines/facts.ts";
import { profiles } from "../../policies/engines/profiles.ts";
import { graphOf } from "../../policies/model/graph.ts";
import type { ValueObject } from "../../policies/model/value.ts";
import { evaluate } from "../../policies/runner.ts";
import { kube, settings } from "./good-graph.ts";
import { digest } from "./mutants/mutant.ts";

/** The rule that judges each topic. */
const ruleOf: Readonly<Record<Topic, string | undefined>> = {
  artefact: "A02",
  cache: "A09",
  channel: undefined,
  code: "A03",
  key: "A11",
  logging: "A05",
  media: "A04",
  offload: "A14",
  surface: "A07",
  tools: "A06",
  trace: "A08",
};

/** Words that start each engine, in an image that says nothing. */
const starts: Readonly<Record<string, readonly string[]>> = {
  vllm: ["vllm", "serve"],
  sglang: ["python3", "-m", "sglang.launch_server"],
  "tensorrt-llm": ["trtllm-serve"],
  "text-generation-inference": ["text-generation-launcher"],
};

function refusedBy(profile: EngineProfile, container: ValueObject): ReadonlySet<string> {
  const image = `registry.internal/llm/tools@${digest}`;
  const words = { name: "c", image, command: [...(starts[profile.id] ?? [])] };
  const pod = kube("core/v1:Pod", "tried", "inference", {
    spec: { containers: [{ ...words, ...container }] },
  });
  const { findings } = evaluate(graphOf([pod]), settings);
  // Only what stands at the word or the variable itself counts.
  return new Set(
    findings.filter(({ path }) => /args\[\d\]|env\[0\]/.test(path)).map(({ policy }) => policy),
  );
}

for (const profile of profiles) {
  test(`${profile.name}: the rule of its topic refuses each flag with a risk, in every spelling`, (t) => {
    const risky = [...profile.flags].filter(([, { risk }]) => risk !== undefined);
    t.true(risky.length > 5);
    for (const [name, { topic }] of risky) {
      const flag = name.replace(".*", ".x");
      const spellings = [[flag, "org/x"], [`${flag}=org/x`], [underscored(flag), "org/x"]];
      for (const args of spellings) {
        const found = refusedBy(profile, { args });
        const rule = topic === undefined ? undefined : ruleOf[topic];
        t.true(
          rule !== undefined && found.has(rule),
          `${args.join(" ")}: ${[...found].join(", ")}`,
        );
      }
    }
  });

  test(`${profile.name}: the rule of its topic refuses each variable with a risk`, (t) => {
    const risky = [...profile.variables].filter(([, { risk }]) => risk !== undefined);
    for (const [name, { topic }] of risky) {
      const found = refusedBy(profile, { env: [{ name, value: "something else" }] });
      const rule = topic === undefined ? undefined : ruleOf[topic];
      t.true(rule !== undefined && found.has(rule), `${name}: ${[...found].join(", ")}`);
    }
  });

  test(`${profile.name}: a harmless flag or variable is refused by no rule`, (t) => {
    const flags = [...profile.flags].filter(([, { topic }]) => topic === undefined);
    for (const [name, { takes }] of flags.filter(([each]) => !each.includes("."))) {
      const args = takes === "nothing" ? [name] : [name, takes === "json" ? "{}" : "1"];
      t.deepEqual([...refusedBy(profile, { args })], [], args.join(" "));
    }
    const variables = [...profile.variables].filter(([, { topic }]) => topic === undefined);
    for (const [name] of variables) {
      const found = refusedBy(profile, { env: [{ name, value: "void" }] });
      const elsewhere = ["A01", "A02"];
      t.deepEqual(
        [...found].filter((each) => !elsewhere.includes(each)),
        [],
        name,
      );
    }
  });

  test(`${profile.name}: every other spelling stands for a flag of the table`, (t) => {
    for (const [alias, name] of profile.aliases) t.true(profile.flags.has(name), alias);
    for (const name of profile.flags.keys()) t.regex(name, /^--[a-z0-9][a-z0-9-]*(?:\.[\w.*]+)?$/);
  });
}

/** Up to the first dot, as engines take it. */
function underscored(flag: string): string {
  const [base = "", ...keys] = flag.split(".");
  return [`--${base.slice(2).replaceAll("-", "_")}`, ...keys].join(".");
}
