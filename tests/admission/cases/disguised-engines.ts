import { command, digest, engine, env, model, withEngine } from "../support/engine.ts";
import {
  changedObject,
  changedTemplate,
  container,
  type Refusal,
  registry,
  type Sent,
  workloads,
} from "../support/objects.ts";

/** Engines that do not look like one. */
const disguises: readonly Refusal[] = [
  {
    rule: "A01",
    title: "engine in an image of another name",
    object: withEngine({ image: `${registry}/team/app@${digest}`, env: [] }),
  },
  {
    rule: "A01",
    title: "GPU without a known engine",
    object: withEngine({ image: `${registry}/team/app@${digest}`, command: ["serve-it"], env: [] }),
  },
  {
    rule: "A03",
    title: "GPU for a program that nobody knows",
    object: withEngine({ image: `${registry}/team/app@${digest}`, command: ["serve-it"] }),
  },
  {
    rule: "A01",
    title: "GPU by a variable of the runtime",
    object: withEngine({
      image: `${registry}/team/app@${digest}`,
      command: ["serve-it"],
      resources: {},
      env: [{ name: "NVIDIA_VISIBLE_DEVICES", value: "all" }],
    }),
  },
  {
    rule: "A05",
    title: "engine as a sidecar that starts first",
    object: changedTemplate(
      ["spec", "initContainers"],
      [
        {
          ...engine,
          name: "added",
          command: [...command, "--enable-log-requests"],
          restartPolicy: "Always",
        },
      ],
    ),
  },
  {
    rule: "A03",
    title: "remote code for another engine",
    object: withEngine({
      image: `${registry}/lmsysorg/sglang@${digest}`,
      command: [
        "python3",
        "-m",
        "sglang.launch_server",
        "--model-path",
        "/m",
        "--trust-remote-code",
      ],
    }),
  },
];

/** The same breach in every kind that makes pods. */
const everyKind: readonly Refusal[] = workloads.map(({ object: sent, spec: path }) => ({
  rule: "A07",
  title: `endpoints of developers in a ${sent.kind}`,
  object: changedObject(
    sent,
    [...path, "containers"],
    [{ ...engine, env: [...env, { name: "VLLM_SERVER_DEV_MODE", value: "1" }] }],
  ),
}));

export const disguisedRefusals: readonly Refusal[] = [...disguises, ...everyKind];

export const enginePasses: readonly Sent[] = [
  withEngine({}),
  withEngine({
    command: [
      ...command,
      "--log-level",
      "info",
      "--load-format=safetensors",
      "--no-enable-log-requests",
      "--served-model-name",
      "org/name",
      "--seed",
      "-1",
      '--limit-mm-per-prompt={"image": 0}',
      '--speculative-config={"model": "/models/draft", "num_speculative_tokens": 3}',
    ],
  }),
  withEngine({
    command: [
      "python3",
      "-m",
      "vllm.entrypoints.openai.api_server",
      "--model",
      model,
      ...command.slice(3),
    ],
  }),
  withEngine({ command: [], args: command.slice(2) }),
  changedTemplate(
    ["spec", "initContainers"],
    [
      {
        ...engine,
        name: "verify",
        command: ["python3", "/opt/check.py", "/models"],
        env: [],
        resources: {},
      },
    ],
  ),
  changedTemplate(
    ["spec", "containers"],
    [{ ...container, command: ["tool", "--upstream=llama.inference.svc:8000"] }],
  ),
];
