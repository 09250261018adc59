import { setTimeout as sleep } from "node:timers/promises";
import { parseCidr } from "../../../components/lib/cidr.ts";
import { isFree } from "../lib/ports.ts";
import type { Progress } from "../progress.ts";
import { withTicks } from "../progress.ts";
import { answers, connect } from "./api.ts";
import { ensureCertificates } from "./certificates.ts";
import type { ComponentName, LaunchFacts } from "./components.ts";
import { apiClients, commandLine, componentNames, servers } from "./components.ts";
import { writeKubeconfigs } from "./kubeconfig.ts";
import type { Layout } from "./layout.ts";
import { end, launch, logSays, logTail, observe } from "./processes.ts";
import { isReady } from "./ready.ts";
import type { ClusterRecord, Ports } from "./record.ts";
import { newPorts, writeRecord } from "./record.ts";

const readyTimeout = 120_000;
const pollInterval = 100;
/** Another program can take a port between our look and the component's bind; twice is bad luck. */
const portAttempts = 3;

export interface BringUp extends LaunchFacts {
  /** Path of a component's program, which is there. */
  readonly program: (component: ComponentName) => string;
  readonly progress: Progress;
}

/** Starts every component that does not run and waits until the cluster serves. */
export async function bringUp(facts: BringUp): Promise<ClusterRecord> {
  const { layout, record } = facts;
  await ensureCertificates(layout.pki, parseCidr(record.serviceCidr));
  let current = { ...facts, record: await withUsablePorts(facts) };
  for (let attempt = 1; ; attempt++) {
    try {
      await writeKubeconfigs(layout, current.record);
      await startMissing(current);
      return current.record;
    } catch (error) {
      if (!(error instanceof PortTakenError) || attempt === portAttempts) throw error;
      current = { ...current, record: await moveToNewPorts(current) };
    }
  }
}

class PortTakenError extends Error {}

async function startMissing(facts: BringUp): Promise<void> {
  const { layout, record, progress } = facts;
  const api = await connect(layout, record);
  for (const component of servers) await launchIfDown(facts, component);
  await until(facts, servers, "waiting for the API server", () => answers(api, "/readyz"));
  progress.step(`cluster ${record.name}: API server answers`);
  for (const component of apiClients) await launchIfDown(facts, component);
  await until(facts, componentNames, "waiting for the default service account", () => isReady(api));
}

async function launchIfDown(facts: BringUp, component: ComponentName): Promise<void> {
  const seen = await observe(facts.layout, component);
  if (seen.state === "running") return;
  await launch(facts.layout, component, facts.program(component), commandLine(component, facts));
}

async function until(
  facts: BringUp,
  needed: readonly ComponentName[],
  what: string,
  condition: () => Promise<boolean>,
): Promise<void> {
  const { record, progress } = facts;
  const limit = Date.now() + readyTimeout;
  const poll = async () => {
    while (!(await condition())) {
      await failOnDeath(facts.layout, record.name, needed);
      if (Date.now() > limit) {
        throw new Error(
          `cluster ${record.name}: gave up ${what} after ${readyTimeout / 1000} s; ` +
            `logs are in ${facts.layout.logs}`,
        );
      }
      await sleep(pollInterval);
    }
    await failOnDeath(facts.layout, record.name, needed);
  };
  await withTicks(progress, (s) => `cluster ${record.name}: ${what}, ${s} s`, poll());
}

async function failOnDeath(
  layout: Layout,
  name: string,
  needed: readonly ComponentName[],
): Promise<void> {
  for (const component of needed) {
    const seen = await observe(layout, component);
    if (seen.state === "running") continue;
    const tail = await logTail(layout, component);
    const text = `cluster ${name}: ${component} ended during the start; the end of its log:\n${tail}`;
    throw (await logSays(layout, component, /address already in use/))
      ? new PortTakenError(text)
      : new Error(text);
  }
}

const portOwners = [
  ["api", "kube-apiserver"],
  ["etcd", "etcd"],
  ["etcdPeer", "etcd"],
] as const satisfies readonly (readonly [keyof Ports, ComponentName])[];

/** The recorded ports, or new ones for all where another program has taken one meanwhile. */
async function withUsablePorts(facts: BringUp): Promise<ClusterRecord> {
  const { layout, record } = facts;
  for (const [key, component] of portOwners) {
    const seen = await observe(layout, component);
    if (seen.state === "running" || (await isFree(record.ports[key]))) continue;
    facts.progress.step(
      `cluster ${record.name}: port ${record.ports[key]} of ${component} is taken by another program`,
    );
    return moveToNewPorts(facts);
  }
  return record;
}

async function moveToNewPorts({ layout, record, progress }: BringUp): Promise<ClusterRecord> {
  for (const component of componentNames.toReversed()) await end(layout, component);
  const moved = { ...record, ports: await newPorts() };
  await writeRecord(layout, moved);
  progress.step(`cluster ${record.name}: moved to new ports; its kubeconfig was rewritten`);
  return moved;
}
