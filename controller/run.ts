import { followFile } from "./address-file.ts";
import { RouteController } from "./controller.ts";
import { type Cluster, cluster } from "./kubernetes/cluster.ts";
import { follow } from "./kubernetes/list-watch.ts";
import { endpointSources, type Source, trafficSource } from "./kubernetes/sources.ts";
import { StatusWriter } from "./kubernetes/status-writer.ts";
import type { Log } from "./log.ts";
import { Counters, metricsText } from "./metrics.ts";
import type { AddressFile } from "./observed.ts";
import type { ControllerArguments } from "./options.ts";
import { close, discoveryServer, listen, type Page, pageServer } from "./server.ts";

export interface Running {
  readonly port: number;
  readonly healthPort: number;
  stop(): Promise<void>;
}

/** Proxies that fell silent are noticed this often, ms. */
const sweeping = 1_000;

/** Starts everything; it runs until stopped, whatever becomes of the API server. */
export async function runController(options: ControllerArguments, log: Log): Promise<Running> {
  const parts = assembled(options, log);
  const { controller, writer } = parts;
  const ending = new AbortController();
  const work = following(parts, options, ending.signal);
  const { discovery, pages } = servers(parts);
  const port = await listen(discovery, options.host, options.port);
  const healthPort = await listen(pages, options.host, options.healthPort);
  const sweeper = setInterval(() => controller.sweep(), sweeping);
  return {
    port,
    healthPort,
    stop: async () => {
      clearInterval(sweeper);
      ending.abort();
      await Promise.all([close(discovery), close(pages), writer.end(), ...work]);
    },
  };
}

interface Parts {
  readonly api: Cluster;
  readonly controller: RouteController;
  readonly writer: StatusWriter;
  readonly counters: Counters;
  /** When each watch last heard of the API server. */
  readonly contacts: Map<string, number>;
  readonly log: Log;
  /** Takes the reasons of failures of one kind. */
  readonly failed: (kind: string) => (reason: string) => void;
}

function assembled(options: ControllerArguments, log: Log): Parts {
  const { namespace, kubeconfig, context } = options;
  const api = cluster(
    {
      ...(kubeconfig === undefined ? {} : { kubeconfig }),
      ...(context === undefined ? {} : { context }),
    },
    () => performance.now(),
  );
  const counters = new Counters();
  const failed = (kind: string) => (reason: string) => {
    counters.add(`private_llm_routes_events_total{event="error-${kind}"}`);
    log.error(reason);
  };
  const writer = new StatusWriter({
    namespace,
    client: () => api.client(),
    status: () => controller.status(),
    onError: failed("status"),
  });
  const controller = new RouteController({
    log,
    now: () => new Date(),
    onChange: () => writer.changed(),
  });
  return { api, controller, writer, counters, contacts: new Map(), log, failed };
}

/** Everything that keeps up with something, until the signal. */
function following(
  { api, controller, contacts, log, failed }: Parts,
  { namespace, inferenceNamespace, endpoints }: ControllerArguments,
  signal: AbortSignal,
): Promise<void>[] {
  const keepUp = (source: Source) => {
    const follower = {
      onObjects: (objects: readonly unknown[]) => controller.observe(source.read(objects)),
      onContact: () => contacts.set(source.name, performance.now()),
      onError: failed(source.name),
    };
    return follow(api, source, follower, signal);
  };
  const traffic = keepUp(trafficSource(namespace));
  if (endpoints === undefined) {
    return [traffic, ...endpointSources(namespace, inferenceNamespace).map(keepUp)];
  }
  log.info("endpoints come from a file, not from the cluster", { file: endpoints });
  const take = (file: AddressFile) => controller.observe({ file });
  return [traffic, followFile(endpoints, take, failed("endpoints"), signal)];
}

function servers({ controller, counters, contacts }: Parts) {
  const discovery = discoveryServer(
    (path, text) => controller.discover(path, text),
    (path, status) => {
      const type = path.slice("/v3/discovery:".length);
      counters.add(`private_llm_routes_events_total{event="${type}-${status}"}`);
    },
  );
  const pages = pageServer({
    "/healthz": () => health(controller),
    "/metrics": () => ({
      status: 200,
      type: "text/plain; version=0.0.4",
      body: metricsText({ status: controller.status(), counters, watchAges: ages(contacts) }),
    }),
  });
  return { discovery, pages };
}

/** Ready as soon as there are routes, good ones or the last good ones. */
function health(controller: RouteController): Page {
  const { routesVersion, desiredFault, override } = controller.status();
  const body = JSON.stringify({ routesVersion, desiredFault, override: override.state });
  return {
    status: controller.hasRoutes() ? 200 : 503,
    body: `${body}\n`,
    type: "application/json",
  };
}

function ages(contacts: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const now = performance.now();
  return new Map([...contacts].map(([name, at]) => [name, (now - at) / 1000]));
}
