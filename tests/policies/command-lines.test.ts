import test from "ava";
import { graphOf } from "../../policies/model/graph.ts";
import type { ValueObject } from "../../policies/model/value.ts";
import { evaluate } from "../../policies/runner.ts";
import { goodResources, kube, settings } from "./good-graph.ts";

const digest = `sha256:${"ab".repeat(32)}`;

/** Settings that an engine owes; with them only its command line can be at fault. */
const env = [
  { name: "VLLM_NO_USAGE_STATS", value: "1" },
  { name: "DO_NOT_TRACK", value: "1" },
  { name: "HF_HUB_OFFLINE", value: "1" },
  { name: "TRANSFORMERS_OFFLINE", value: "1" },
  { name: "VLLM_USE_FLASHINFER_SAMPLER", value: "0" },
];

/** Which of A01 and A02 a container of the inference namespace breaks. */
function broken(container: ValueObject): string[] {
  const image = `registry.internal/llm/tools@${digest}`;
  const pod = kube("core/v1:Pod", "tried", "inference", {
    spec: { containers: [{ name: "c", image, env, ...container }] },
  });
  const { findings } = evaluate(graphOf([...goodResources, pod]), settings);
  return [
    ...new Set(
      findings
        .filter(({ policy, object }) => /^A0[12]$/.test(policy) && object === "Pod inference/tried")
        .map(({ policy }) => policy),
    ),
  ];
}

const vllm = `registry.internal/llm/vllm/vllm-openai@${digest}`;

const refused: readonly { title: string; container: ValueObject; policies: string[] }[] = [
  {
    title: "a hub id behind trtllm-serve",
    container: { command: ["trtllm-serve", "org/x"] },
    policies: ["A02"],
  },
  {
    title: "a hub id behind trtllm-serve serve",
    container: { command: ["trtllm-serve", "serve", "org/x"] },
    policies: ["A02"],
  },
  {
    title: "a hub id behind other flags",
    container: { command: ["vllm", "serve", "--port", "8000", "org/x", "--model", "/models/x"] },
    policies: ["A02"],
  },
  {
    title: "a hub id behind a flag without value",
    container: { command: ["vllm", "serve", "--enforce-eager", "org/x", "--model", "/models/x"] },
    policies: ["A02"],
  },
  {
    title: "a bare hub name behind other flags",
    container: { command: ["vllm", "serve", "--port", "8000", "gpt2", "--model", "/models/x"] },
    policies: ["A02"],
  },
  {
    title: "an adapter from a hub",
    container: { command: ["vllm", "serve", "/models/x", "--lora-modules", "a=org/lora"] },
    policies: ["A02"],
  },
  {
    title: "a draft model from a hub",
    container: { command: ["vllm", "serve", "/models/x", "--speculative-model", "org/draft"] },
    policies: ["A02"],
  },
  {
    title: "an emptied environment",
    container: { command: ["env", "-i", "vllm", "serve", "/models/x"] },
    policies: ["A01", "A02"],
  },
  {
    title: "an environment emptied in other words",
    container: { command: ["/usr/bin/env", "-", "vllm", "serve", "/models/x"] },
    policies: ["A01", "A02"],
  },
  {
    title: "an engine named in a script",
    container: { command: ["sh", "-c", "exec vllm serve org/x"] },
    policies: ["A02"],
  },
  {
    title: "an engine by its module",
    container: {
      command: ["python", "-m", "vllm.entrypoints.openai.api_server", "--model", "org/x"],
    },
    policies: ["A02"],
  },
  {
    title: "an engine by its path",
    container: { command: ["/opt/bin/vllm", "serve", "org/x"] },
    policies: ["A02"],
  },
  {
    title: "a GPU of another maker without settings",
    container: { env: [], resources: { limits: { "amd.com/gpu": 1 } } },
    policies: ["A02"],
  },
];

for (const { title, container, policies } of refused) {
  test(`refused: ${title}`, (t) => {
    const found = broken(container);
    t.true(
      policies.every((policy) => found.includes(policy)),
      found.join(", "),
    );
  });
}

const accepted: readonly { title: string; container: ValueObject }[] = [
  {
    title: "a local model behind other flags",
    container: { command: ["vllm", "serve", "--port", "8000", "/models/x"] },
  },
  {
    title: "a local model behind flags of the image's entry point",
    container: { image: vllm, args: ["--tensor-parallel-size", "8", "/models/x"] },
  },
  {
    title: "a public name that looks like a hub id",
    container: { command: ["vllm", "serve", "/models/x", "--served-model-name", "org/x"] },
  },
  {
    title: "an engine's address in a flag",
    container: { command: ["router", "--upstream", "http://vllm.inference.svc:8000"], env: [] },
  },
  {
    title: "an engine's address as an argument",
    container: { command: ["curl", "http://vllm:8000/health"], env: [] },
  },
  {
    title: "a host and port of an engine",
    container: { command: ["wait-for", "vllm:8000"], env: [] },
  },
  {
    title: "files of an engine",
    container: { command: ["cp", "-r", "/src/vllm", "/dst"], env: [] },
  },
  {
    title: "another image of an engine's makers",
    container: {
      image: `registry.internal/llm/vllm-project/production-stack/router@${digest}`,
      env: [],
    },
  },
];

for (const { title, container } of accepted) {
  test(`accepted: ${title}`, (t) => {
    t.deepEqual(broken(container), []);
  });
}

test("a Pod in the list of another kind is read as a Pod", (t) => {
  const item = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "hidden", namespace: "inference" },
  };
  const list = kube("core/v1:ConfigMapList", "list", undefined, {
    items: [{ ...item, spec: { automountServiceAccountToken: true, containers: [] } }],
  });
  const { findings } = evaluate(graphOf([...goodResources, list]), settings);
  t.true(
    findings.some(({ policy, object }) => policy === "W03" && object === "Pod inference/hidden"),
  );
});

test("the older name of the service account field names an account as well", (t) => {
  const pod = kube("core/v1:Pod", "tried", "inference", {
    spec: { automountServiceAccountToken: false, serviceAccount: "own", containers: [] },
  });
  const { findings } = evaluate(graphOf([...goodResources, pod]), settings);
  t.false(findings.some(({ policy }) => policy === "W03"));
});
