import { rm } from "node:fs/promises";
import type { Cidr } from "../../components/lib/cidr.ts";
import { cidrFault, overlaps, parseCidr } from "../../components/lib/cidr.ts";
import { dataPlaneRecords } from "../data-plane/folders.ts";
import { endServices } from "../data-plane/recorded.ts";
import { installObjects, missingObjects } from "./base-objects.ts";
import { ensureTools, toolPath } from "./binaries/ensure.ts";
import { kubernetesVersion } from "./binaries/table.ts";
import { answers, connect } from "./control-plane/api.ts";
import type { ComponentName } from "./control-plane/components.ts";
import { componentNames } from "./control-plane/components.ts";
import { contextName } from "./control-plane/kubeconfig.ts";
import type { Layout } from "./control-plane/layout.ts";
import { clusterLayout, clustersFolder } from "./control-plane/layout.ts";
import { adoptUnrecorded, end } from "./control-plane/processes.ts";
import { isReady } from "./control-plane/ready.ts";
import type { ClusterRecord } from "./control-plane/record.ts";
import { matchingRecord, readRecord, serverUrl } from "./control-plane/record.ts";
import { bringUp } from "./control-plane/start.ts";
import type { ProcessStatus } from "./control-plane/status.ts";
import { deaths, processStatus } from "./control-plane/status.ts";
import { exists, privateFolder } from "./lib/files.ts";
import { withLock } from "./lib/lock.ts";
import type { Progress } from "./progress.ts";
import { silentProgress } from "./progress.ts";
import { stageFiles } from "./stages.ts";

export interface ClusterOptions {
  readonly name: string;
  /** @default - silent */
  readonly progress?: Progress;
  /** @default - the environment of this process; decides where state and tools lie */
  readonly env?: NodeJS.ProcessEnv;
}

export interface StartOptions extends ClusterOptions {
  /** @default "10.244.0.0/16" */
  readonly podCidr?: string;
  /** @default "10.96.0.0/16" */
  readonly serviceCidr?: string;
}

export interface RunningCluster {
  readonly name: string;
  readonly server: string;
  readonly kubeconfig: string;
  readonly context: string;
  readonly kubernetesVersion: string;
  /** False where everything was running already. */
  readonly changed: boolean;
}

export type ClusterStatus =
  | { readonly state: "absent"; readonly name: string }
  | {
      /** `degraded`: some processes run or died, or the API server does not answer. */
      readonly state: "ready" | "degraded" | "stopped";
      readonly name: string;
      readonly server: string;
      readonly kubeconfig: string;
      readonly context: string;
      readonly folder: string;
      readonly processes: readonly ProcessStatus[];
    };

/**
 * Starts the cluster, or what is missing of it, and returns when it is ready for use. Its data
 * survives stop and start. Interrupted anywhere, the next start completes the work.
 */
export async function startCluster(options: StartOptions): Promise<RunningCluster> {
  const { name, progress = silentProgress, env = process.env } = options;
  const { podCidr = "10.244.0.0/16", serviceCidr = "10.96.0.0/16" } = options;
  checkRanges(podCidr, serviceCidr);
  const layout = clusterLayout(name, env);
  return locked(layout, "starting", options, async () => {
    for (const folder of [layout.root, layout.processes, layout.logs]) await privateFolder(folder);
    await leaveOldVersion(layout, name, env, progress);
    const record = await matchingRecord(layout, name, { podCidr, serviceCidr });
    const program = (component: ComponentName) => toolPath(component, env);
    adoptUnrecorded(layout, program);
    const found = await processStatus(layout);
    if (found.every(({ state }) => state === "running") && (await isUsable(layout, record))) {
      progress.step(`cluster ${name}: already running at ${serverUrl(record)}, nothing to do`);
      return running(layout, record, false);
    }
    for (const line of deaths(name, found)) progress.step(line);
    await ensureTools(componentNames, { progress, env });
    const stages = await stageFiles(env);
    const started = await bringUp({ layout, record, stages, program, progress });
    progress.tick(`cluster ${name}: installing definitions and the storage class`);
    await installObjects(await connect(layout, started), env);
    progress.step(`cluster ${name}: ready at ${serverUrl(started)}`);
    return running(layout, started, true);
  });
}

/** Ends the cluster's processes and keeps its data. Returns how many were running. */
export async function stopCluster(options: ClusterOptions): Promise<number> {
  const { name, progress = silentProgress, env = process.env } = options;
  const layout = clusterLayout(name, env);
  if ((await readRecord(layout)) === undefined) {
    progress.step(`cluster ${name}: does not exist, nothing to stop`);
    return 0;
  }
  return locked(layout, "stopping", options, () => stopProcesses(layout, name, env, progress));
}

/** Stops the cluster and deletes its keys, data and logs. */
export async function resetCluster(options: ClusterOptions): Promise<void> {
  const { name, progress = silentProgress, env = process.env } = options;
  const layout = clusterLayout(name, env);
  if (!(await exists(layout.root))) {
    progress.step(`cluster ${name}: does not exist, nothing to delete`);
    return;
  }
  await locked(layout, "resetting", options, async () => {
    await stopProcesses(layout, name, env, progress);
    await rm(layout.root, { recursive: true, force: true });
  });
  progress.step(`cluster ${name}: deleted`);
}

/** What is there and what is not; changes nothing. */
export async function clusterStatus(
  name: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ClusterStatus> {
  const layout = clusterLayout(name, env);
  const record = await readRecord(layout);
  if (record === undefined) return { state: "absent", name };
  const processes = await processStatus(layout);
  const summary = await overall(layout, record, processes);
  return {
    state: summary,
    name,
    server: serverUrl(record),
    kubeconfig: layout.kubeconfig,
    context: contextName(name),
    folder: layout.root,
    processes,
  };
}

async function overall(
  layout: Layout,
  record: ClusterRecord,
  processes: readonly ProcessStatus[],
): Promise<"ready" | "degraded" | "stopped"> {
  if (processes.every(({ state }) => state === "stopped")) return "stopped";
  if (processes.some(({ state }) => state !== "running")) return "degraded";
  return (await isReady(await connect(layout, record))) ? "ready" : "degraded";
}

async function locked<T>(
  layout: Layout,
  verb: string,
  { name, progress = silentProgress, env = process.env }: ClusterOptions,
  work: () => Promise<T>,
): Promise<T> {
  await privateFolder(clustersFolder(env));
  return withLock(layout.lock, `${verb} cluster ${name}`, progress, work);
}

async function stopProcesses(
  layout: Layout,
  name: string,
  env: NodeJS.ProcessEnv,
  progress: Progress,
): Promise<number> {
  await privateFolder(layout.processes);
  adoptUnrecorded(layout, (component) => toolPath(component, env));
  const found = await processStatus(layout);
  for (const line of deaths(name, found)) progress.step(line);
  const [etcd, apiServer, ...clients] = componentNames;
  progress.tick(`cluster ${name}: stopping`);
  const dataPlane = await endServices(dataPlaneRecords(layout.root));
  if (dataPlane.length > 0) {
    progress.step(`cluster ${name}: stopped ${dataPlane.length} processes of its data plane`);
  }
  // Clients first: the API server would otherwise wait for their open watches to end.
  await Promise.all(clients.map((component) => end(layout, component)));
  await end(layout, apiServer);
  await end(layout, etcd);
  const count = found.filter(({ state }) => state === "running").length;
  progress.step(`cluster ${name}: stopped ${count} of ${componentNames.length} processes`);
  return count;
}

/** Processes of another Kubernetes version would otherwise pass for the pinned one. */
async function leaveOldVersion(
  layout: Layout,
  name: string,
  env: NodeJS.ProcessEnv,
  progress: Progress,
): Promise<void> {
  const version = (await readRecord(layout))?.kubernetesVersion;
  if (version === undefined || version === kubernetesVersion) return;
  progress.step(`cluster ${name}: runs on ${version}, restarting it on ${kubernetesVersion}`);
  await stopProcesses(layout, name, env, progress);
}

function checkRanges(podCidr: string, serviceCidr: string): void {
  const pods = ipv4Range("podCidr", podCidr);
  const services = ipv4Range("serviceCidr", serviceCidr);
  if (overlaps(pods, services)) {
    throw new Error(
      `podCidr "${podCidr}" and serviceCidr "${serviceCidr}" overlap; give them separate ranges`,
    );
  }
}

function ipv4Range(field: string, text: string): Cidr {
  const fault = cidrFault(text);
  if (fault !== undefined) throw new Error(`${field}: ${fault}`);
  const range = parseCidr(text);
  if (range.family === 4) return range;
  throw new Error(
    `${field}: "${text}" is IPv6; the local cluster has IPv4 only, as in 10.96.0.0/16`,
  );
}

async function isUsable(layout: Layout, record: ClusterRecord): Promise<boolean> {
  const api = await connect(layout, record);
  if (!(await answers(api, "/readyz"))) return false;
  return (await isReady(api)) && (await missingObjects(api)).length === 0;
}

function running(layout: Layout, record: ClusterRecord, changed: boolean): RunningCluster {
  return {
    name: record.name,
    server: serverUrl(record),
    kubeconfig: layout.kubeconfig,
    context: contextName(record.name),
    kubernetesVersion: record.kubernetesVersion,
    changed,
  };
}
