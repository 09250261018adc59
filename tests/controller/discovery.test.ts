import test, { type ExecutionContext } from "ava";
import { z } from "zod";
import {
  desiredConfigMap,
  desiredKey,
  openGateway,
  routeConfigName,
} from "../../components/gateway/names.ts";
import { RouteController } from "../../controller/controller.ts";
import { jsonLog } from "../../controller/log.ts";
import { type Observed, podsOf, slicesOf, trafficOf } from "../../controller/observed.ts";
import { close, discoveryServer, listen } from "../../controller/server.ts";
import { desiredOf, local, outside } from "../migration/support/desired.ts";

/** The server as proxies see it, with a source that says what the test wants. */

const routesPath = "/v3/discovery:routes";
const endpointsPath = "/v3/discovery:endpoints";

interface Site {
  readonly controller: RouteController;
  readonly url: string;
  readonly log: string[];
  readonly counts: string[];
  clock: Date;
}

async function site(t: ExecutionContext, observed: Partial<Observed> = {}): Promise<Site> {
  const log: string[] = [];
  const counts: string[] = [];
  const made = { clock: new Date(0) };
  const controller = new RouteController({
    log: jsonLog(
      (line) => log.push(line),
      () => made.clock,
    ),
    now: () => made.clock,
    onChange: () => {},
  });
  const server = discoveryServer(
    (path, text) => controller.discover(path, text),
    (path, status) => counts.push(`${path} ${status}`),
  );
  const port = await listen(server, "127.0.0.1", 0);
  t.teardown(() => close(server));
  controller.observe(observed);
  return Object.assign(made, { controller, url: `http://127.0.0.1:${port}`, log, counts });
}

function configMap(name: string, data: Readonly<Record<string, string>>) {
  return { metadata: { name }, data };
}

const traffic = (text = JSON.stringify(desiredOf())) =>
  trafficOf([configMap(desiredConfigMap, { [desiredKey]: text }), configMap("other", {})]);
const known: Observed = { traffic: traffic(), engines: [], egress: [] };

const answer = z.object({
  versionInfo: z.string(),
  typeUrl: z.string(),
  resources: z.array(z.looseObject({ "@type": z.string() })),
});

function post({ url }: Site, path: string, body: unknown): Promise<Response> {
  return fetch(`${url}${path}`, {
    method: "POST",
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

function asks(version = "", node = "gateway-a") {
  return {
    versionInfo: version,
    node: { id: node, cluster: openGateway },
    resourceNames: [routeConfigName],
    typeUrl: "type.googleapis.com/envoy.config.route.v3.RouteConfiguration",
  };
}

async function offered(made: Site, path: string, body: unknown) {
  return answer.parse(await (await post(made, path, body)).json());
}

test("routes are those of public classes alone", async (t) => {
  const made = await site(t, known);
  const { typeUrl, resources } = await offered(made, routesPath, asks());
  t.is(typeUrl, "type.googleapis.com/envoy.config.route.v3.RouteConfiguration");
  t.is(resources.length, 1);
  t.is(resources[0]?.["@type"], typeUrl);
  const text = JSON.stringify(resources);
  t.true(text.includes("log-analysis") && text.includes(outside));
  t.false(text.includes("contract-review"));
});

test("a proxy that has the version is told so, in either spelling", async (t) => {
  const made = await site(t, known);
  const { versionInfo } = await offered(made, routesPath, asks());
  t.is((await post(made, routesPath, asks(versionInfo))).status, 304);
  const snake = { version_info: versionInfo, resource_names: [routeConfigName] };
  t.is((await post(made, routesPath, snake)).status, 304);
  t.is((await post(made, routesPath, asks("other"))).status, 200);
});

test("the version follows the routes and nothing else", async (t) => {
  const one = await offered(await site(t, known), routesPath, asks());
  const other = await offered(await site(t, known), routesPath, asks());
  t.is(one.versionInfo, other.versionInfo);
  const changed = traffic(JSON.stringify(desiredOf({ phase: "full" })));
  const third = await offered(await site(t, { ...known, traffic: changed }), routesPath, asks());
  t.not(one.versionInfo, third.versionInfo);
});

const refused: readonly (readonly [string, string, string, unknown, number])[] = [
  ["another path", "POST", "/v3/discovery:clusters", {}, 404],
  ["a path that only begins alike", "POST", `${routesPath}/x`, {}, 404],
  ["another method", "GET", routesPath, undefined, 405],
  ["no JSON", "POST", routesPath, "{", 400],
  ["JSON of another form", "POST", routesPath, { resourceNames: "all" }, 400],
  ["another type", "POST", routesPath, { ...asks(), typeUrl: "type.googleapis.com/x" }, 404],
  ["another resource", "POST", routesPath, { ...asks(), resourceNames: ["x"] }, 404],
  ["no resource", "POST", routesPath, { ...asks(), resourceNames: [] }, 404],
  ["an unknown cluster", "POST", endpointsPath, { resourceNames: ["x"] }, 404],
  ["a body beyond the limit", "POST", routesPath, `"${"a".repeat(1024 * 1024)}"`, 413],
];

for (const [title, method, path, body, status] of refused) {
  test(`answered with ${status}: ${title}`, async (t) => {
    const made = await site(t, known);
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const response = await fetch(`${made.url}${path}`, {
      method,
      ...(text === undefined ? {} : { body: text }),
    });
    t.is(response.status, status);
  });
}

test("before anything is known nothing is said that a proxy would have to believe", async (t) => {
  const made = await site(t);
  t.is((await post(made, routesPath, asks())).status, 503);
  made.controller.observe({ traffic: traffic() });
  t.is((await post(made, routesPath, asks())).status, 200);
  // Endpoints of engines without those of the way out are half of what there is.
  made.controller.observe({ engines: [] });
  t.is((await post(made, endpointsPath, { resourceNames: [local] })).status, 503);
  made.controller.observe({ egress: [] });
  t.is((await post(made, endpointsPath, { resourceNames: [local] })).status, 200);
});

const slice = (service: string, ports: unknown, ...endpoints: readonly unknown[]) => ({
  metadata: { labels: { "kubernetes.io/service-name": service } },
  ports,
  endpoints,
});

test("endpoints are the ready pods, engines by the port http and ways out by a port of their own", async (t) => {
  const http = [
    { name: "metrics", port: 9 },
    { name: "http", port: 8000 },
  ];
  const engines = slicesOf([
    slice(
      "llama",
      http,
      { addresses: ["10.0.0.2"], conditions: { ready: true } },
      { addresses: ["10.0.0.3"], conditions: { ready: false } },
    ),
    slice("llama", http, { addresses: ["10.0.0.1"] }),
    slice("other", [{ name: "x", port: 1 }], { addresses: ["10.0.0.9"] }),
    slice("empty", null),
  ]);
  const egress = slicesOf([
    slice("gateway-egress", [], { addresses: ["10.0.1.1"], conditions: { ready: true } }),
    slice("somebody", [], { addresses: ["10.0.1.2"] }),
  ]);
  const made = await site(t, { ...known, engines, egress });
  const { resources } = await offered(made, endpointsPath, {
    resourceNames: [local, outside, "engine-other", "engine-empty"],
  });
  const found = resources.map((resource) => {
    const text = JSON.stringify(resource["endpoints"]);
    const at = text.matchAll(
      /"address":\{"socket_address":\{"address":"([^"]+)","port_value":(\d+)\}\}/g,
    );
    const all = [...at].map(([, address, port]) => `${address}:${port}`);
    return [resource["cluster_name"], all.filter((one) => one.startsWith("10."))];
  });
  t.deepEqual(Object.fromEntries(found), {
    [local]: ["10.0.0.1:8000", "10.0.0.2:8000"],
    [outside]: ["10.0.1.1:10100"],
    "engine-other": [],
    "engine-empty": [],
  });
});

test("each proxy is told to check health where it said", async (t) => {
  const engines = slicesOf([
    slice("llama", [{ name: "http", port: 8000 }], { addresses: ["10.0.0.1"] }),
  ]);
  const made = await site(t, { ...known, engines });
  const request = (port: number) => ({
    resourceNames: [local],
    node: {
      metadata: { health_address: { socket_address: { address: "127.0.0.9", port_value: port } } },
    },
  });
  const one = await offered(made, endpointsPath, request(7001));
  const other = await offered(made, endpointsPath, request(7002));
  t.true(JSON.stringify(one.resources).includes("7001"));
  t.true(JSON.stringify(other.resources).includes("7002"));
  t.not(one.versionInfo, other.versionInfo);
});

test("the version that a proxy names is what it accepted; who is silent for ten seconds is gone", async (t) => {
  const made = await site(t, known);
  const { versionInfo } = await offered(made, routesPath, asks("", "a"));
  await post(made, routesPath, asks(versionInfo, "b"));
  made.clock = new Date(5_000);
  await post(made, routesPath, asks(versionInfo, "a"));
  // Endpoints say nothing of routes, and a proxy without a name is none.
  await post(made, endpointsPath, { ...asks(), typeUrl: undefined, resourceNames: [local] });
  await post(made, routesPath, asks(versionInfo, ""));
  const replicas = () =>
    made.controller.status().replicas.map(({ node, version }) => [node, version]);
  t.deepEqual(replicas(), [
    ["a", versionInfo],
    ["b", versionInfo],
  ]);
  t.is(made.controller.status().replicas[0]?.seen, new Date(5_000).toISOString());
  made.clock = new Date(12_000);
  made.controller.sweep();
  t.deepEqual(replicas(), [["a", versionInfo]]);
});

test("a pod that clients are sent to counts as long as they are, one that they are not goes soon", async (t) => {
  const pod = (name: string, ready: boolean) => ({
    addresses: ["10.0.0.1"],
    conditions: { ready },
    targetRef: { kind: "Pod", name },
  });
  const slices = slicesOf([
    slice(openGateway, [], pod("a", true), pod("b", true), pod("c", false)),
  ]);
  const gateways = podsOf(slices, openGateway);
  const made = await site(t, { ...known, gateways });
  const { versionInfo } = await offered(made, routesPath, asks("", "a"));
  await post(made, routesPath, asks(versionInfo, "a"));
  await post(made, routesPath, asks(versionInfo, "c"));
  const replicas = () =>
    made.controller.status().replicas.map(({ node, version }) => `${node} ${version ?? "?"}`);
  t.deepEqual(replicas(), [`a ${versionInfo}`, "b ?", `c ${versionInfo}`]);
  made.clock = new Date(3_000);
  made.controller.sweep();
  t.deepEqual(replicas(), [`a ${versionInfo}`, "b ?"]);
  // Still sent to, but not heard of: whatever it has, it is not known to be the newest.
  made.clock = new Date(12_000);
  made.controller.sweep();
  t.deepEqual(replicas(), ["a ?", "b ?"]);
  made.controller.observe({ gateways: new Set(["b"]) });
  t.deepEqual(replicas(), ["b ?"]);
});

test("whoever makes names up fills no memory", async (t) => {
  const made = await site(t, known);
  for (let index = 0; index < 600; index++) {
    made.controller.discover(routesPath, JSON.stringify(asks("", `n${index}`)));
  }
  made.controller.discover(routesPath, JSON.stringify(asks("", "x".repeat(300))));
  t.is(made.controller.status().replicas.length, 500);
});

test("bad desired routes leave the last good ones, and the status says why", async (t) => {
  const made = await site(t, known);
  const before = await offered(made, routesPath, asks());
  made.controller.observe({ traffic: traffic('{"version":2}') });
  t.is((await post(made, routesPath, asks(before.versionInfo))).status, 304);
  t.regex(made.controller.status().desiredFault ?? "", /desired routes: version/);
  made.controller.observe({ traffic: trafficOf([]) });
  t.is((await post(made, routesPath, asks(before.versionInfo))).status, 304);
  t.regex(made.controller.status().desiredFault ?? "", /desired routes: is missing/);
  t.is(made.log.filter((line) => line.includes('"error"')).length, 2);
  made.controller.observe({ traffic: traffic() });
  t.is(made.controller.status().desiredFault, null);
});
