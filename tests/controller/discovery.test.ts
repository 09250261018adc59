import test from "ava";
import { egressPorts } from "../../components/gateway/egress-ports.ts";
import { routeConfigName } from "../../components/gateway/names.ts";
import { slicesOf, trafficOf } from "../../controller/observed.ts";
import { afterAll, situationOf } from "../migration/support/changes.ts";
import { desiredOf, local, outside } from "../migration/support/desired.ts";
import {
  asks,
  endpointsPath,
  known,
  offered,
  post,
  routesPath,
  site,
  slice,
  traffic,
} from "./support/discovery-site.ts";

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
    [outside]: [`10.0.1.1:${egressPorts([outside]).get(outside)}`],
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

test("beside bad desired routes an override still counts against the last good ones", async (t) => {
  const { override, records } = afterAll(situationOf(), {
    action: "promote",
    phase: "full",
    classes: [],
  });
  if (override.kind !== "read") throw new Error(override.kind);
  const text = JSON.stringify(override.override);
  const made = await site(t, { ...known, traffic: { ...traffic(), override: text, records } });
  const before = await offered(made, routesPath, asks());
  made.controller.observe({ traffic: { ...traffic("{"), override: text, records } });
  t.is((await post(made, routesPath, asks(before.versionInfo))).status, 304);
  t.is(made.controller.status().override.state, "in-force");
  made.controller.observe({ traffic: { ...traffic("{"), override: undefined, records } });
  t.not((await offered(made, routesPath, asks())).versionInfo, before.versionInfo);
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
