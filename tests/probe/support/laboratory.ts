import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { z } from "zod";
import { egressProbeBinary } from "../../../tools/egress-probe/binary.ts";
import type { Ended } from "../../support/command.ts";
import { collect, must } from "./commands.ts";
import { buildTopology, nodeAddresses, type Topology, world } from "./topology.ts";

/** Ports of the world that every run tries; the program adds one that it draws from the plan. */
export const standardPorts = [53, 80, 123, 443, 853, 8080, 9418] as const;

/** One attempt may take this long, milliseconds; nothing here is further away than a cable. */
const timeoutMilliseconds = 500;

export const plan = {
  version: 1,
  cniProfile: "nft-reference",
  timeoutMilliseconds,
  world: [
    { address: world.v4, ports: standardPorts },
    { address: world.v6, ports: standardPorts },
  ],
  dns: { zone: "probe.example", servers: [world.v4] },
  apiServers: [{ address: world.apiServer, port: 443 }],
  nodePorts: [53, 9100, 10250],
  accepted: [],
  required: [
    ...["ipv4", "ipv6"].flatMap((family) =>
      ["tcp", "udp", "icmp"].map((protocol) => ({ kind: "world", family, protocol })),
    ),
    { kind: "dns", family: "ipv4", protocol: "udp" },
  ],
} as const;

const recordSchema = z.object({
  record: z.object({
    mode: z.string(),
    verdict: z.object({
      result: z.string(),
      reasons: z.array(z.string()),
      gaps: z.array(z.string()),
    }),
    attempts: z.array(
      z.object({ kind: z.string(), protocol: z.string(), outcome: z.string(), detail: z.string() }),
    ),
  }),
});

export interface Run extends Ended {
  /** Last words, for the status of the pod. */
  readonly message: string;
  /** The signed record, as the program wrote it. */
  readonly text: string;
  readonly record: z.infer<typeof recordSchema>["record"];
  readonly milliseconds: number;
}

export interface Verdict {
  readonly code: number | null;
  readonly result: string;
  readonly reasons: readonly string[];
  readonly gaps: readonly string[];
  readonly witness: string;
}

const verdictSchema = z.object({
  result: z.string(),
  reasons: z.array(z.string()),
  gaps: z.array(z.string()),
  witness: z.string(),
});

/** Records that are verified together; an absent one is not given. */
export interface Evidence {
  readonly probe: string;
  readonly control?: string;
  readonly witness?: string;
  /** Extra words of the command. */
  readonly more?: readonly string[];
}

/** The rooms, the program and a key: everything but the rules. */
export interface Laboratory {
  readonly topology: Topology;
  probe(): Promise<Run>;
  control(): Promise<Run>;
  verify(evidence: Evidence): Promise<Verdict>;
  /** The world answers until it is ended; its record comes then. */
  openWorld(): Promise<() => Promise<string>>;
  close(): Promise<void>;
}

/** What the commands of one laboratory have in common. */
interface Bench {
  readonly topology: Topology;
  readonly binary: string;
  /** Path of a file in the laboratory's own folder. */
  readonly file: (name: string) => string;
}

/** @param labels of the inference pods */
export async function laboratory(labels: Readonly<Record<string, string>>): Promise<Laboratory> {
  const binary = await egressProbeBinary();
  const folder = await mkdtemp(path.join(tmpdir(), "private-llm-test-"));
  const file = (name: string) => path.join(folder, name);
  await must([binary, "keys", "--private", file("key"), "--public", file("public")]);
  await writeFile(file("plan.json"), JSON.stringify(plan));
  await writeFile(file("resolv.conf"), `nameserver ${world.resolver}\n`);
  await writeFile(file("labels"), labelsFile(labels));
  const topology = await buildTopology(labels);
  const bench = { topology, binary, file };
  return {
    topology,
    probe: () => run(bench, "probe"),
    control: () => run(bench, "control"),
    verify: (evidence) => verify(bench, evidence),
    openWorld: () => openWorld(bench),
    close: async () => {
      await topology.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function run({ topology, binary, file }: Bench, mode: "control" | "probe"): Promise<Run> {
  const words = ["run", "--mode", mode, "--plan", file("plan.json"), "--key", file("key")];
  const files = ["--labels", file("labels"), "--resolv-conf", file("resolv.conf")];
  const message = ["--message", file("message")];
  const started = performance.now();
  const room = mode === "probe" ? "pod" : "open";
  const ended = await topology.run(room, [binary, ...words, ...files, ...message], {
    env: podEnvironment(mode),
  });
  if (ended.stdout === "") throw new Error(`the program wrote no record: ${ended.stderr}`);
  return {
    ...ended,
    message: await readFile(file("message"), "utf8"),
    text: ended.stdout,
    milliseconds: performance.now() - started,
    record: recordSchema.parse(JSON.parse(ended.stdout)).record,
  };
}

async function verify({ binary, file }: Bench, evidence: Evidence): Promise<Verdict> {
  const { more = [], ...records } = evidence;
  const words = ["verify", "--plan", file("plan.json"), "--key", file("public"), "--json", ...more];
  for (const [name, text] of Object.entries(records)) {
    await writeFile(file(name), text);
    words.push(`--${name}`, file(name));
  }
  const { code, stdout, stderr } = await collect([binary, ...words]);
  if (stdout === "") throw new Error(`verify said nothing: ${stderr}`);
  return { code, ...verdictSchema.parse(JSON.parse(stdout)) };
}

async function openWorld({ topology, binary, file }: Bench): Promise<() => Promise<string>> {
  const words = ["witness", "--plan", file("plan.json"), "--key", file("key"), "--for", "1m"];
  const listen = Object.values(world).flatMap((address) => ["--listen", address]);
  const child = topology.start("world", [binary, ...words, ...listen]);
  const ended = once(child, "close");
  let stdout = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  await new Promise<void>((resolve, reject) => {
    let said = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (said.includes("listening")) resolve();
    });
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`the world ended: ${said}`)));
  });
  return async () => {
    child.kill("SIGTERM");
    await ended;
    return stdout;
  };
}

function podEnvironment(mode: "control" | "probe"): NodeJS.ProcessEnv {
  return {
    POD_NAMESPACE: mode === "probe" ? "inference" : "egress-probe-control",
    POD_NAME: `egress-${mode}`,
    NODE_NAME: "node",
    NODE_ADDRESSES: nodeAddresses.join(","),
    KUBERNETES_SERVICE_HOST: world.apiServer,
    KUBERNETES_SERVICE_PORT: "443",
    IMAGE_DIGEST: `sha256:${"0".repeat(64)}`,
  };
}

/** As the kubelet writes them. */
function labelsFile(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${JSON.stringify(value)}\n`)
    .join("");
}
