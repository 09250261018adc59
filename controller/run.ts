import { followFile } from "./address-file.ts";
import { RouteController } from "./controller.ts";
import { cluster } from "./kubernetes/cluster.ts";
import { follow } from "./kubernetes/list-watch.ts";
import { endpointSources, type Source, trafficSource } from "./kubernetes/sources.ts";
import { StatusWriter } from "./kubernetes/status-writer.ts";
import type { Log } from "./log.ts";
import { Counters, metricsText } from "./metrics.ts";
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
  const { namespace, inferenceNamespace, endpoints } = options;
  const api = cluster(
    {
      ...(options.kubeconfig === undefined ? {} : { kubeconfig: options.kubeconfig }),
      ...(options.context === undefined ? {} : { context: options.context }),
    },
    () => performance.now(),
  );
  const ending = new AbortController();
  const counters = new Counters();
  const contacts = new Map<string, number>();
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
  const keepUp = (source: Source) =>
    follow(
      api,
      source,
      {
        onObjects: (objects) => controller.observe(source.read(objects)),
        onContact: () => contacts.set(source.name, performance.now()),
        onError: failed(source.name),
      },
      ending.signal,
    );
  const sources = [
    trafficSource(namespace),
    ...(endpoints === undefined ? endpointSources(namespace, inferenceNamespace) : []),
  ];
  const work = sources.map(keepUp);
  if (endpoints !== undefined) {
    log.info("endpoints come from a file, not from the cluster", { file: endpoints });
    const take = (file: Parameters<Parameters<typeof followFile>[1]>[0]) =>
      controller.observe({ file });
    work.push(followFile(endpoints, take, failed("endpoints"), ending.signal));
  }
  const discovery = discoveryServer(
    (path, text) => controller.discover(path, text),
    (path, status) =>
      counters.add(
        `private_llm_routes_events_total{event="${path.slice("/v3/discovery:".length)}-${status}"}`,
      ),
  );
  const pages = pageServer({
    "/healthz": () => health(controller),
    "/metrics": () => ({
      status: 200,
      type: "text/plain; version=0.0.4",
      body: metricsText({ status: controller.status(), counters, watchAges: ages(contacts) }),
    }),
  });
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
