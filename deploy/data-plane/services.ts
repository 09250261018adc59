import { join } from "node:path";
import { egressGateway, providerKeyPath, routeController } from "../../components/gateway/names.ts";
import { externalClusters } from "../../components/gateway/parts.ts";
import { engineCluster } from "../../components/lib/migration/desired.ts";
import { type PortBook, portOf } from "../../tools/data-plane/port-book.ts";
import type { RecordedService } from "../../tools/data-plane/recorded.ts";
import { type CountingFiles, countingPorts, countingServices, type Programs } from "./counting.ts";
import { type DataPlaneStack, type Provider, type Proxy, providers, proxies } from "./parts.ts";

/** Folders and programs of one local data plane. */
export interface Surroundings {
  /** Of the data plane itself; everything it writes lies below. */
  readonly folder: string;
  readonly repository: string;
  readonly node: string;
  readonly envoy: string;
  /** Kubeconfig of an administrator, for what plays the kubelet. */
  readonly kubeconfig: string;
  /** Kubeconfig of the route controller's own account. */
  readonly controllerKubeconfig: string;
  readonly providerCertificate: { readonly certificateFile: string; readonly keyFile: string };
  readonly ports: PortBook;
  /** Where something is limited and this machine has a Redis. @default - nothing is counted */
  readonly counting?: { readonly files: CountingFiles; readonly programs: Programs };
}

/** An Envoy configuration with addresses of this machine. */
export interface MappedConfig {
  readonly file: string;
  /** Of all its files; another hash is another process. */
  readonly hash: string;
}

/** Root of the files that containers of a Deployment see. */
export function filesOf(folder: string, deployment: string): string {
  return join(folder, "pods", deployment);
}

/** Ports that the processes need, by name. */
export function portNames(stack: DataPlaneStack): string[] {
  return [
    ...stack.models.flatMap((model) => [`engine-${model}`, `engine-${model}-control`]),
    ...providers(stack).flatMap(({ name }) => [`provider-${name}`, `provider-${name}-control`]),
    "forward-proxy",
    `${routeController}-xds`,
    `${routeController}-health`,
    ...(stack.gateway.limits === undefined ? [] : Object.values(countingPorts)),
    ...proxies(stack).flatMap(({ name }) => [
      `${name}-clients`,
      `${name}-metrics`,
      `${name}-admin`,
      `${name}-health`,
    ]),
    ...externalClusters(stack.gateway),
  ];
}

/** Where each cluster's members listen, in the form that the route controller reads. */
export function endpointsOf({ gateway, models }: DataPlaneStack, ports: PortBook) {
  const local = (name: string) => [{ address: "127.0.0.1", port: portOf(ports, name) }];
  return Object.fromEntries([
    ...models.map((model) => [engineCluster(model), local(`engine-${model}`)] as const),
    ...externalClusters(gateway).map((cluster) => [cluster, local(cluster)] as const),
  ]);
}

/**
 * Every process, in the order in which they need each other.
 * @param bootstraps mapped configuration by proxy name: its file, and a hash of its content
 */
export function services(
  stack: DataPlaneStack,
  at: Surroundings,
  bootstraps: ReadonlyMap<string, MappedConfig>,
): RecordedService[] {
  return [
    ...stack.models.map((model) => engine(stack, at, model)),
    ...providers(stack).map((provider) => providerService(at, provider)),
    forwardProxy(stack, at),
    kubelet(stack, at),
    controller(stack, at),
    ...counting(at),
    // The way out comes last among them, and first here.
    ...proxies(stack)
      .toReversed()
      .map((proxy) => envoy(at, proxy, bootstraps.get(proxy.name))),
  ];
}

function counting({ counting: made, ports, folder }: Surroundings): readonly RecordedService[] {
  if (made === undefined) return [];
  return countingServices(made.files, made.programs, ports, join(folder, "logs"));
}

type Basics = Pick<RecordedService, "name" | "args" | "isReady"> &
  Partial<Pick<RecordedService, "program" | "state">>;

function service(at: Surroundings, basics: Basics): RecordedService {
  return {
    program: at.node,
    state: "",
    log: join(at.folder, "logs", `${basics.name}.log`),
    cwd: at.repository,
    ...basics,
  };
}

function engine({ gateway }: DataPlaneStack, at: Surroundings, model: string): RecordedService {
  const port = portOf(at.ports, `engine-${model}`);
  return service(at, {
    name: `engine-${model}`,
    args: [
      join(at.repository, "tools/simulator/main.ts"),
      "--role=engine",
      `--name=${model}`,
      `--model=${model}`,
      `--model=${gateway.publicModel}`,
      `--port=${port}`,
      `--control-port=${portOf(at.ports, `engine-${model}-control`)}`,
      `--api-key-file=${engineKeyFile(at.folder, model)}`,
      "--force-include-usage",
      "--latency=a100-tp8",
    ],
    isReady: answers(`http://127.0.0.1:${port}/health`),
  });
}

/** The key that the gateway shows to the engine; any proxy that calls it has the same. */
function engineKeyFile(folder: string, model: string): string {
  return join(folder, "engine-keys", model);
}

function providerService(at: Surroundings, provider: Provider): RecordedService {
  const { certificateFile, keyFile } = at.providerCertificate;
  const control = portOf(at.ports, `provider-${provider.name}-control`);
  return service(at, {
    name: `provider-${provider.name}`,
    args: [
      join(at.repository, "tools/simulator/main.ts"),
      "--role=provider",
      `--name=${provider.name}`,
      ...provider.models.map((model) => `--model=${model}`),
      `--port=${portOf(at.ports, `provider-${provider.name}`)}`,
      `--control-port=${control}`,
      `--base-path=${provider.basePath}`,
      `--api-key-file=${join(filesOf(at.folder, egressGateway), providerKeyPath(provider.name))}`,
      `--tls-cert=${certificateFile}`,
      `--tls-key=${keyFile}`,
    ],
    isReady: answers(`http://127.0.0.1:${control}/state`),
  });
}

function forwardProxy(stack: DataPlaneStack, at: Surroundings): RecordedService {
  const port = portOf(at.ports, "forward-proxy");
  return service(at, {
    name: "forward-proxy",
    args: [
      join(at.repository, "tools/data-plane/forward-proxy/main.ts"),
      `--port=${port}`,
      ...providers(stack).map(
        ({ name, host, port: far }) =>
          `--to=${host}:${far}=${portOf(at.ports, `provider-${name}`)}`,
      ),
    ],
    isReady: listens(`http://127.0.0.1:${port}/`),
  });
}

function kubelet(stack: DataPlaneStack, at: Surroundings): RecordedService {
  const deployments = [...new Set(proxies(stack).map(({ deployment }) => deployment))];
  return service(at, {
    name: "kubelet",
    args: [
      join(at.repository, "deploy/data-plane/kubelet/main.ts"),
      `--kubeconfig=${at.kubeconfig}`,
      `--namespace=${stack.namespaces.gateway}`,
      `--root=${join(at.folder, "pods")}`,
      ...[...deployments, routeController].map((name) => `--pod=${name}`),
    ],
    isReady: () => Promise.resolve(true),
  });
}

function controller(stack: DataPlaneStack, at: Surroundings): RecordedService {
  const health = portOf(at.ports, `${routeController}-health`);
  const endpoints = endpointsOf(stack, at.ports);
  return service(at, {
    name: routeController,
    args: [
      join(at.repository, "controller/main.ts"),
      `--namespace=${stack.namespaces.gateway}`,
      `--inference-namespace=${stack.namespaces.inference}`,
      `--kubeconfig=${at.controllerKubeconfig}`,
      "--host=127.0.0.1",
      `--port=${portOf(at.ports, `${routeController}-xds`)}`,
      `--health-port=${health}`,
      `--endpoints=${join(at.folder, "endpoints.json")}`,
    ],
    state: JSON.stringify(endpoints),
    isReady: answers(`http://127.0.0.1:${health}/healthz`),
  });
}

function envoy(
  at: Surroundings,
  { name, deployment }: Proxy,
  bootstrap: MappedConfig | undefined,
): RecordedService {
  if (bootstrap === undefined) throw new Error(`${name} has no configuration`);
  return service(at, {
    name,
    program: at.envoy,
    args: [
      "--config-path",
      bootstrap.file,
      "--service-node",
      name,
      "--service-cluster",
      deployment,
      // As in the cluster; with it a proxy would also end itself together with the command that started it.
      "--disable-hot-restart",
      "--concurrency",
      "1",
      "--log-level",
      "warning",
    ],
    state: bootstrap.hash,
    isReady: answers(`http://127.0.0.1:${portOf(at.ports, `${name}-metrics`)}/ready`),
  });
}

/** Ready once a request is answered well. */
function answers(url: string): RecordedService["isReady"] {
  return async (signal) => (await fetch(url, { signal })).ok;
}

/** Ready once a request is answered at all. */
function listens(url: string): RecordedService["isReady"] {
  return async (signal) => (await fetch(url, { signal })).status > 0;
}
