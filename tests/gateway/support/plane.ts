import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gatewayFiles, type ProxyFiles } from "../../../components/gateway/envoy/files.ts";
import type { ClientKey } from "../../../components/gateway/envoy/keys.ts";
import { type GatewayPlan, roadsOut } from "../../../components/gateway/envoy/plan.ts";
import { routedClass, taskClassRoutes } from "../../../components/gateway/envoy/routes.ts";
import { paths, ports } from "../../../components/gateway/names.ts";
import { desiredRoutes, engineCluster } from "../../../components/lib/migration/desired.ts";
import type { Weights } from "../../../components/lib/migration/task-class.ts";
import { freePorts } from "../../../tools/cluster/lib/ports.ts";
import { envoyBinary } from "../../../tools/data-plane/binaries/envoy.ts";
import { type AttachedService, startAttached } from "../../../tools/data-plane/process.ts";
import { type RunningSimulator, startSimulator } from "../../../tools/simulator/process.ts";
import { type ConnectProxy, startConnectProxy } from "./connect-proxy.ts";
import { type Counter, prepareCounter } from "./counter.ts";
import { goodPlan } from "./plan.ts";
import { addressesIn, writeProxy } from "./proxy-folder.ts";
import { engineKeyOf, providerKeyOf, testSecrets } from "./secrets.ts";
import { startXds, type XdsServer } from "./xds-server.ts";

export const testClients: readonly ClientKey[] = [
  { key: "key-chat", client: "chat/blue" },
  { key: "key-summary", client: "summary/green" },
  { key: "key-tickets", client: "tickets/red" },
  { key: "key-contracts", client: "contracts/legal" },
  { key: "key-nowhere", client: "nowhere/blue" },
];

/** A proxy on loopback, and where it listens by the port that it has in a pod. */
export interface RunningProxy {
  readonly service: AttachedService;
  readonly log: string;
  port(rendered: number): number;
}

/** The whole data plane of a plan: simulators, a controller, and the proxies with their rendered configuration. */
export interface Plane {
  readonly folder: string;
  readonly xds: XdsServer;
  readonly engines: ReadonlyMap<string, RunningSimulator>;
  readonly providers: ReadonlyMap<string, RunningSimulator>;
  readonly forwardProxy: ConnectProxy;
  readonly egress: RunningProxy;
  readonly open: RunningProxy;
  readonly closed: RunningProxy;
  /** Where the plan has limits. */
  readonly counter: RunningCounter | undefined;
  /** Sets the shares of classes; those not named get those of their phase. */
  share(weights: Readonly<Record<string, Weights>>): void;
  stop(): Promise<void>;
}

export interface PlaneOptions {
  /** @default - one for each class of the good gateway, and one of no class */
  readonly clients?: readonly ClientKey[];
  /** Changes the rendered files of the open proxy. @default - as they are */
  readonly edit?: (text: string) => string;
}

/** The rate-limit service and its counter, which a test may end and start again. */
export interface RunningCounter extends Counter {
  redis: AttachedService;
  service: AttachedService;
}

/** Takes note of what has to be ended; a test's own `t`, or a plane. */
export interface Scope {
  teardown(end: () => unknown): void;
}

const loopback = "127.0.0.1";

/** For `test.before`, where nothing is torn down by itself; whoever starts it stops it. */
export async function startPlane(
  plan: GatewayPlan = goodPlan,
  options: PlaneOptions = {},
): Promise<Plane> {
  const ends: (() => unknown)[] = [];
  const stop = async () => {
    for (const end of ends.splice(0).toReversed()) await end();
  };
  try {
    return { ...(await startIn({ teardown: (end) => ends.push(end) }, plan, options)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startIn(
  t: Scope,
  plan: GatewayPlan,
  { clients = testClients, edit = (text) => text }: PlaneOptions,
): Promise<Omit<Plane, "stop">> {
  const secrets = testSecrets(plan, clients);
  const folder = await mkdtemp(join(tmpdir(), "private-llm-test-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const files = {
    "tls.crt": secrets[`${paths.tls}/tls.crt`] ?? "",
    "tls.key": secrets[`${paths.tls}/tls.key`] ?? "",
    ...Object.fromEntries(plan.models.map(({ name }) => [`engine-${name}`, engineKeyOf(name)])),
    ...Object.fromEntries(
      plan.gateway.providers.map(({ name }) => [`provider-${name}`, providerKeyOf(name)]),
    ),
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const engines = await startEngines(t, plan, folder);
  const providers = await startProviders(t, plan, folder);
  const xds = await startXds();
  t.teardown(() => xds.stop());
  for (const [name, { url }] of engines) {
    xds.setEndpoints(engineCluster(name), [{ address: loopback, port: portOf(url) }]);
  }
  const openai = providers.get("openai");
  const forwardProxy = await startConnectProxy(openai === undefined ? 9 : portOf(openai.url));
  t.teardown(() => forwardProxy.stop());
  const share = (weights: Readonly<Record<string, Weights>>) => {
    const { classes } = desiredRoutes(plan.gateway, plan.models);
    const open = classes.filter(({ dataClass }) => dataClass === "public");
    xds.setRoutes(
      taskClassRoutes(
        open.map((one) => routedClass(one, weights[one.name] ?? one.phases[one.phase] ?? {})),
        plan.gateway.publicModel,
      ),
    );
  };
  share({});
  const known: Record<string, number> = { [`${plan.controllerAddress}:${ports.xds}`]: xds.port };
  for (const { name, host, port, reach } of plan.gateway.providers) {
    known[`${host}:${port}`] = portOf(providers.get(name)?.url ?? "http://127.0.0.1:9");
    if (reach.kind === "forward-proxy") {
      known[`${reach.address}:${reach.port}`] = forwardProxy.port;
      known[`${reach.address}:${port}`] = port;
    }
  }
  const counter = await startCounter(t, plan, join(folder, "counter"));
  if (counter !== undefined) known[`${plan.limitsAddress}:${ports.limits}`] = counter.grpcPort;
  const proxies = gatewayFiles(plan);
  const start = async (name: string, given: ProxyFiles | undefined) => {
    if (given === undefined) throw new Error(`the plan has no ${name}`);
    return startProxy(t, { name, folder: join(folder, name), files: given, secrets, known });
  };
  const egress = await start("egress", proxies.egress);
  for (const { cluster, port } of roadsOut(plan)) {
    xds.setEndpoints(cluster, [{ address: loopback, port: egress.port(port) }]);
  }
  const [open, closed] = [
    await start("open", edited(proxies.open, edit)),
    await start("closed", proxies.closed),
  ];
  return { folder, xds, engines, providers, forwardProxy, egress, open, closed, counter, share };
}

function edited(files: ProxyFiles | undefined, edit: (text: string) => string) {
  if (files === undefined) return undefined;
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [name, edit(text)]));
}

async function startCounter(
  t: Scope,
  { gateway: { limits } }: GatewayPlan,
  folder: string,
): Promise<RunningCounter | undefined> {
  if (limits === undefined) return undefined;
  await mkdir(folder, { recursive: true });
  const prepared = await prepareCounter(folder, limits);
  const redis = await prepared.startRedis();
  const service = await prepared.startService();
  const counter = { ...prepared, redis, service };
  t.teardown(() => counter.service.stop());
  t.teardown(() => counter.redis.stop());
  return counter;
}

/** These two take their time, as what they play does, for tests that look at streams; the others answer at once. */
const latencyOf = (name: string) => (["small", "openai"].includes(name) ? "a100-tp8" : "none");

async function startEngines(t: Scope, plan: GatewayPlan, folder: string) {
  const engines = new Map<string, RunningSimulator>();
  for (const { name, servedName } of plan.models) {
    const engine = await startSimulator({
      models: [servedName],
      name: `engine-${name}`,
      latency: latencyOf(name),
      // As the program starts engines.
      forceIncludeUsage: true,
      apiKeyFile: join(folder, `engine-${name}`),
    });
    t.teardown(() => engine.stop());
    engines.set(name, engine);
  }
  return engines;
}

async function startProviders(t: Scope, { gateway }: GatewayPlan, folder: string) {
  const providers = new Map<string, RunningSimulator>();
  for (const { name } of gateway.providers) {
    const models = gateway.taskClasses.flatMap(({ backends }) =>
      backends.flatMap((each) =>
        each.kind === "external" && each.provider === name ? [each.model] : [],
      ),
    );
    const provider = await startSimulator({
      models: [models[0] ?? "none", ...models.slice(1)],
      name: `provider-${name}`,
      latency: latencyOf(name),
      role: "provider",
      apiKeyFile: join(folder, `provider-${name}`),
      tls: { certFile: join(folder, "tls.crt"), keyFile: join(folder, "tls.key") },
    });
    t.teardown(() => provider.stop());
    providers.set(name, provider);
  }
  return providers;
}

export function portOf(url: string): number {
  return Number(new URL(url).port);
}

interface ProxyStart {
  readonly name: string;
  readonly folder: string;
  readonly files: ProxyFiles;
  readonly secrets: Readonly<Record<string, string>>;
  /** Ports on loopback of what runs already, by address as rendered. */
  readonly known: Readonly<Record<string, number>>;
}

/** Starts a proxy; every address of its own that the mapping does not know gets a free port. */
export async function startProxy(
  t: Scope,
  { name, folder, files, secrets, known }: ProxyStart,
): Promise<RunningProxy> {
  const own = Object.values(files)
    .flatMap(addressesIn)
    .map(({ address, port }) => `${address}:${port}`)
    .filter((each) => known[each] === undefined);
  const free = await freePorts(own.length);
  const chosen: Readonly<Record<string, number>> = Object.fromEntries(
    own.map((each, index) => [each, free[index] ?? 0]),
  );
  const addresses = Object.fromEntries(
    Object.entries({ ...known, ...chosen }).map(([rendered, port]) => [
      rendered,
      { address: loopback, port },
    ]),
  );
  const port = (rendered: number) =>
    chosen[`0.0.0.0:${rendered}`] ?? chosen[`${loopback}:${rendered}`] ?? 0;
  const file = await writeProxy(folder, files, secrets, addresses);
  const log = join(folder, "proxy.log");
  const service = await startAttached({
    name,
    program: await envoyBinary(),
    args: `--use-dynamic-base-id --concurrency 1 -l warning --service-node ${name}-0 --service-cluster ${name} -c ${file}`.split(
      " ",
    ),
    log,
    isReady: async (signal) =>
      (await fetch(`http://${loopback}:${port(ports.metrics)}/ready`, { signal })).ok,
  });
  t.teardown(() => service.stop());
  return { service, log, port };
}
