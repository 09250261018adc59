import { mkdir } from "node:fs/promises";
import * as path from "node:path";
import { egressKeysResource } from "../../components/gateway/envoy/egress-bootstrap.ts";
import { gatewayFiles, type ProxyFiles } from "../../components/gateway/envoy/files.ts";
import { keysResource } from "../../components/gateway/envoy/keys.ts";
import { type GatewayPlan, roadsOut } from "../../components/gateway/envoy/plan.ts";
import { routedClass, taskClassRoutes } from "../../components/gateway/envoy/routes.ts";
import {
  egressKeyField,
  egressKeysFile,
  keysFile,
  openGateway,
  paths,
  ports,
  providerKeyPath,
} from "../../components/gateway/names.ts";
import { desiredRoutes, engineCluster } from "../../components/lib/migration/desired.ts";
import { mostMonthlyUsd } from "../../components/lib/spend/units.ts";
import { gatewaySchema } from "../../components/lib/stack/gateway.ts";
import { prepareCounter } from "../../tests/gateway/support/counter.ts";
import {
  addressesIn,
  type SecretContents,
  writeProxy,
} from "../../tests/gateway/support/proxy-folder.ts";
import { startXds, type XdsServer } from "../../tests/gateway/support/xds-server.ts";
import { freePorts } from "../../tools/cluster/lib/ports.ts";
import { envoyBinary } from "../../tools/data-plane/binaries/envoy.ts";
import { startAttached } from "../../tools/data-plane/process.ts";
import { type Side, waitForAnswers } from "./side.ts";
import { gatewayHost, providerHost, type Simulators } from "./simulators.ts";

const loopback = "127.0.0.1";
const engine = "own";
const providerPort = 443;
const oneThread = ["--use-dynamic-base-id", "--concurrency", "1", "-l", "warning"] as const;
const keyBetween = "key-between-gateways";

/** Every kind of limit, and none that a measurement reaches. */
const ample = {
  externalMonthlyUsd: mostMonthlyUsd,
  everyTeam: {
    requestsPerMinute: 4_000_000_000,
    tokensPerMinute: 4_000_000_000,
    monthlyUsd: mostMonthlyUsd,
  },
};

/** Two classes with the same two backends: all of one stays here, all of the other goes out. */
function planOf(model: string): GatewayPlan {
  const shared = {
    criticality: "medium",
    dataClass: "public",
    failover: true,
    backends: [
      { kind: "local", name: "own", model: engine },
      { kind: "external", name: "provider", provider: "provider", model },
    ],
  } as const;
  const gateway = gatewaySchema.parse({
    publicModel: model,
    tls: { kind: "secret", secret: "gateway-tls" },
    clients: [{ namespace: "applications" }],
    phase: "full",
    providers: [
      {
        name: "provider",
        host: providerHost,
        port: providerPort,
        api: { kind: "openai" },
        keySecret: "provider-key",
        reach: { kind: "internet" },
      },
    ],
    prices: [
      {
        model: `provider/${model}`,
        inputUsdPerMillion: 10,
        outputUsdPerMillion: 30,
        source: "any price above 0 will do",
        asOf: "2026-11",
      },
    ],
    limits: ample,
    taskClasses: [
      { ...shared, name: "local", weights: { full: { own: 100, provider: 0 } } },
      { ...shared, name: "outside", weights: { full: { own: 0, provider: 100 } } },
    ],
  });
  if (gateway === undefined) throw new Error("the gateway is empty");
  const models = [{ name: engine, servedName: model }];
  return { gateway, controllerAddress: "10.96.0.32", limitsAddress: "10.96.0.33", models };
}

/** The configuration that a cluster would get, in Envoys of one thread each: the open gateway and the one with the way out. */
export async function startGateway(folder: string, simulators: Simulators): Promise<Side> {
  const { sites } = simulators;
  const plan = planOf(sites.model);
  const xds = await startController(plan, sites.engine.port);
  const known: Record<string, number> = {
    [`${plan.controllerAddress}:${ports.xds}`]: xds.port,
    [`${providerHost}:${providerPort}`]: sites.provider.port,
  };
  const counter = await startCounter(path.join(folder, "counter"), plan);
  known[`${plan.limitsAddress}:${ports.limits}`] = counter.port;
  const files = gatewayFiles(plan);
  const contents = secrets(simulators);
  const start = (name: string, given: ProxyFiles | undefined) =>
    startProxy(name, path.join(folder, name), given ?? {}, contents, known);
  const egress = await start("egress", files.egress);
  for (const { cluster, port } of roadsOut(plan)) {
    xds.setEndpoints(cluster, [{ address: loopback, port: egress.port(port) }]);
  }
  const open = await start("open", files.open);
  const target = {
    port: open.port(ports.clients),
    model: sites.model,
    tls: { authority: sites.authority, serverName: gatewayHost },
  };
  const targets = {
    local: { ...target, key: "key-local" },
    outside: { ...target, key: "key-outside" },
  };
  await waitForAnswers(targets);
  return {
    name: "gateway",
    targets,
    pids: {
      local: [open.pid, ...counter.pids],
      outside: [open.pid, ...counter.pids, egress.pid],
    },
    stop: async () => {
      await Promise.all([open.stop(), egress.stop()]);
      await counter.stop();
      await xds.stop();
    },
  };
}

/** The rate-limit service and its Redis, which writes its log to disk as it does in a cluster. */
async function startCounter(folder: string, { gateway: { limits } }: GatewayPlan) {
  if (limits === undefined) throw new Error("the gateway has no limits");
  await mkdir(folder, { recursive: true });
  const counter = await prepareCounter(folder, limits);
  const redis = await counter.startRedis();
  const service = await counter.startService();
  return {
    port: counter.grpcPort,
    pids: [service.identity.pid, redis.identity.pid],
    stop: async () => {
      await service.stop();
      await redis.stop();
    },
  };
}

/** Stands in for the route controller, and is asked as often: the routes of the plan's phase. */
async function startController(plan: GatewayPlan, enginePort: number): Promise<XdsServer> {
  const xds = await startXds();
  const { classes, publicModel } = desiredRoutes(plan.gateway, plan.models);
  const routed = classes.map((one) => routedClass(one, one.phases[one.phase] ?? {}));
  xds.setRoutes(taskClassRoutes(routed, publicModel));
  xds.setEndpoints(engineCluster(engine), [{ address: loopback, port: enginePort }]);
  return xds;
}

/** Files of the Secrets that both proxies mount. */
function secrets({ sites, certificate }: Simulators): SecretContents {
  const clients = ["local", "outside"].map((name) => ({
    key: `key-${name}`,
    client: `${name}/bench`,
  }));
  return {
    [`${paths.tls}/tls.crt`]: certificate.certificate,
    [`${paths.tls}/tls.key`]: certificate.key,
    [paths.authorities]: sites.authority,
    [`${paths.keys}/${keysFile(openGateway)}`]: keysResource(clients),
    [`${paths.egressKey}/${egressKeyField}`]: keyBetween,
    [`${paths.egressKey}/${egressKeysFile}`]: egressKeysResource(keyBetween),
    [`${paths.engineKeys}/${engine}`]: sites.engine.key,
    [providerKeyPath("provider")]: sites.provider.key,
  };
}

/** A proxy whose every address is on loopback; one that nobody knows yet gets a free port. */
async function startProxy(
  name: string,
  folder: string,
  files: ProxyFiles,
  contents: SecretContents,
  known: Readonly<Record<string, number>>,
) {
  const own = Object.values(files)
    .flatMap(addressesIn)
    .map(({ address, port }) => `${address}:${port}`)
    .filter((each) => known[each] === undefined);
  const free = await freePorts(own.length);
  const chosen = new Map(own.map((each, index) => [each, free[index] ?? 0]));
  const addresses = Object.fromEntries(
    [...Object.entries(known), ...chosen].map(([rendered, port]) => [
      rendered,
      { address: loopback, port },
    ]),
  );
  const file = await writeProxy(folder, files, contents, addresses);
  const port = (rendered: number) => chosen.get(`0.0.0.0:${rendered}`) ?? 0;
  const ready = `http://${loopback}:${port(ports.metrics)}/ready`;
  const service = await startAttached({
    name,
    program: await envoyBinary(),
    args: [...oneThread, "--service-node", `${name}-0`, "--service-cluster", name, "-c", file],
    log: path.join(folder, "proxy.log"),
    isReady: async (signal) => (await fetch(ready, { signal })).ok,
  });
  return { pid: service.identity.pid, port, stop: () => service.stop() };
}
