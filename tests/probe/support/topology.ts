import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { z } from "zod";
import { openGateway } from "../../../components/gateway/names.ts";
import { partLabels } from "../../../components/gateway/parts.ts";
import { selectorLabels } from "../../../components/lib/labels.ts";
import type { Ended } from "../../support/command.ts";
import type { Place } from "../nft-reference.ts";
import { collect, must, type RunOptions } from "./commands.ts";
import { nft } from "./requirements.ts";

/** The network namespaces of a test: pods and the world, joined by a node in the middle. */
export const rooms = ["world", "node", "pod", "open", "gateway"] as const;
export type Room = (typeof rooms)[number];

/** Addresses of the world. Documentation ranges, and the real ones where clouds answer. */
export const world = {
  v4: "198.51.100.10",
  v6: "2001:db8::10",
  metadata: "169.254.169.254",
  metadata6: "fd00:ec2::254",
  cloudResolver: "169.254.169.253",
  apiServer: "10.96.0.1",
  resolver: "10.96.0.10",
} as const;

export const nodeAddresses = ["10.244.1.1", "fd00:244:1::1"] as const;

/** What a second network brings: an interface of the pod that ends in the world and passes no node. */
const side = { pod: "192.168.50.2/24", world: "192.168.50.1/24" } as const;

export interface Topology {
  readonly places: Readonly<Record<"pod" | "open" | "gateway", Place>>;
  /** Runs a program to its end inside a room. */
  run(room: Room, command: readonly string[], options?: RunOptions): Promise<Ended>;
  /** Starts a program inside a room; end it by its own handle. */
  start(room: Room, command: readonly string[]): ChildProcess;
  /** Replaces the packet filter of the node. */
  filter(rules: string): Promise<void>;
  /** Packets of any kind that reached the world from the pod since the last call. */
  arrived(): Promise<number>;
  /** Whether the world hears nothing and says nothing. */
  cutWorld(cut: boolean): Promise<void>;
  /** Gives the pod a second interface, past the node. */
  addSideNetwork(): Promise<void>;
  removeSideNetwork(): Promise<void>;
  close(): Promise<void>;
}

const prefix = "private-llm-probe";

/** Builds everything under names of this process alone, after clearing what a killed run left behind. */
export async function buildTopology(
  inference: Readonly<Record<string, string>>,
): Promise<Topology> {
  await clearLeftovers();
  const tag = `${prefix}-${process.pid}-${randomBytes(3).toString("hex")}`;
  const name = (room: Room) => `${tag}-${room}`;
  const topology = topologyOf(name, {
    pod: place("inference", inference, 1, "pod0"),
    open: place("egress-probe-control", {}, 2, "open0"),
    gateway: place("gateway", selectorLabels(partLabels(openGateway)), 3, "gateway0"),
  });
  try {
    for (const room of rooms) await must(["ip", "netns", "add", name(room)]);
    await wire(name, topology);
  } catch (error) {
    await topology.close();
    throw error;
  }
  return topology;
}

function place(
  namespace: string,
  labels: Readonly<Record<string, string>>,
  index: number,
  device: string,
): Place {
  return { namespace, labels, v4: `10.244.${index}.5`, v6: `fd00:244:${index}::5`, device };
}

function topologyOf(name: (room: Room) => string, places: Topology["places"]): Topology {
  const inside = (room: Room, command: readonly string[]) => [
    "ip",
    "netns",
    "exec",
    name(room),
    ...command,
  ];
  let generation = 0;
  return {
    places,
    run: (room, command, options) => collect(inside(room, command), options),
    start: (room, command) => {
      const [file = "", ...args] = inside(room, command);
      return spawn(file, args, { stdio: ["ignore", "pipe", "pipe"] });
    },
    filter: async (rules) => {
      generation += 1;
      const input = `${rules}\n${trackedApart(generation)}`;
      await must(inside("node", filter("-f", "-")), { input });
    },
    arrived: async () => {
      const listed = await must(
        inside("world", filter("-j", "reset", "counters", "table", "inet", "oracle")),
      );
      return countersSchema
        .parse(JSON.parse(listed))
        .nftables.reduce((sum, { counter }) => sum + (counter?.packets ?? 0), 0);
    },
    cutWorld: async (cut) => {
      const chain = "chain cut {\ntype filter hook prerouting priority -400; policy drop;\n}";
      const words = cut ? `table inet cut {\n${chain}\n}` : "delete table inet cut";
      await must(inside("world", filter("-f", "-")), { input: `${words}\n` });
    },
    addSideNetwork: async () => {
      await cable(name("pod"), "net1", side.pod, name("world"), "side0", side.world);
    },
    removeSideNetwork: async () => {
      await must(["ip", "-n", name("pod"), "link", "delete", "net1"]);
    },
    close: async () => {
      for (const room of rooms) await collect(["ip", "netns", "delete", name(room)]);
    },
  };
}

/** Connections from before these rules are unknown to them: an old exchange would let a new one through. */
function trackedApart(generation: number): string {
  const chain = (hook: string) =>
    `chain ${hook} { type filter hook ${hook} priority raw; ct zone set ${generation}; }`;
  return `table inet tracked\ndelete table inet tracked\ntable inet tracked {\n${chain("prerouting")}\n${chain("output")}\n}\n`;
}

const countersSchema = z.object({
  nftables: z.array(z.object({ counter: z.object({ packets: z.int() }).optional() })),
});

async function wire(name: (room: Room) => string, topology: Topology): Promise<void> {
  const set = (room: Room, key: string, value: string) =>
    topology.run(room, ["sh", "-c", `echo ${value} > /proc/sys/net/${key}`]);
  for (const room of rooms) {
    await must(["ip", "-n", name(room), "link", "set", "lo", "up"]);
    // Looking for duplicates would keep an IPv6 address unusable for a second.
    await set(room, "ipv6/conf/default/accept_dad", "0");
  }
  await cable(name("world"), "eth0", "192.0.2.2/24", name("node"), "uplink", "192.0.2.1/24");
  await addresses(name("world"), "eth0", ["2001:db8:ffff::2/64"]);
  await addresses(name("node"), "uplink", ["2001:db8:ffff::1/64"]);
  for (const room of ["pod", "open", "gateway"] as const) {
    await wirePod(name(room), name("node"), topology.places[room]);
  }
  await addresses(name("world"), "lo", Object.values(world).map(single));
  for (const [room, target, via] of [
    ["world", "10.244.0.0/16", "192.0.2.1"],
    ["world", "fd00:244::/32", "2001:db8:ffff::1"],
    ["node", "default", "192.0.2.2"],
    ["node", "default", "2001:db8:ffff::2"],
  ] as const) {
    await must(["ip", "-n", name(room), "route", "add", target, "via", via]);
  }
  await set("node", "ipv4/ip_forward", "1");
  await set("node", "ipv6/conf/all/forwarding", "1");
  // As container runtimes set it: a ping needs no capability.
  for (const room of ["pod", "open"] as const) {
    await set(room, "ipv4/ping_group_range", "0 2147483647");
  }
  await watch(name("world"), topology.places.pod);
}

async function wirePod(pod: string, node: string, { v4, v6, device }: Place): Promise<void> {
  const gateway = { v4: v4.replace(/5$/, "1"), v6: v6.replace(/5$/, "1") };
  await cable(pod, "eth0", `${v4}/24`, node, device, `${gateway.v4}/24`);
  await addresses(pod, "eth0", [`${v6}/64`]);
  await addresses(node, device, [`${gateway.v6}/64`, "fe80::1/64"]);
  await must(["ip", "-n", pod, "route", "add", "default", "via", gateway.v4]);
  await must(["ip", "-n", pod, "route", "add", "default", "via", "fe80::1", "dev", "eth0"]);
}

/** Counts at the other end, where "nothing arrived" is a number and not a time-out. */
async function watch(room: string, { v4, v6 }: Place): Promise<void> {
  const rules = `table inet oracle {
    counter four { }
    counter six { }
    counter side { }
    chain input {
      type filter hook prerouting priority raw; policy accept;
      ip saddr ${v4} counter name four
      ip6 saddr ${v6} counter name six
      iifname "side0" counter name side
    }
  }\n`;
  await must(["ip", "netns", "exec", room, ...filter("-f", "-")], { input: rules });
}

function filter(...args: readonly string[]): string[] {
  if (nft === undefined) throw new Error("nft is not installed");
  return [nft, ...args];
}

async function cable(
  one: string,
  oneDevice: string,
  oneAddress: string,
  other: string,
  otherDevice: string,
  otherAddress: string,
): Promise<void> {
  const pair = ["type", "veth", "peer", "name", otherDevice, "netns", other];
  await must(["ip", "-n", one, "link", "add", oneDevice, ...pair]);
  for (const [room, device, address] of [
    [one, oneDevice, oneAddress],
    [other, otherDevice, otherAddress],
  ] as const) {
    await addresses(room, device, [address]);
    await must(["ip", "-n", room, "link", "set", device, "up"]);
  }
}

async function addresses(room: string, device: string, all: readonly string[]): Promise<void> {
  for (const address of all) {
    await must(["ip", "-n", room, "address", "add", address, "dev", device]);
  }
}

function single(address: string): string {
  return address.includes(":") ? `${address}/128` : `${address}/32`;
}

/** Rooms of runs whose process is gone. */
async function clearLeftovers(): Promise<void> {
  const { stdout } = await collect(["ip", "netns", "list"]);
  for (const [name, pid = ""] of stdout.matchAll(new RegExp(`^${prefix}-(\\d+)-\\S+`, "gm"))) {
    if (!existsSync(`/proc/${pid}`)) await collect(["ip", "netns", "delete", name]);
  }
}
