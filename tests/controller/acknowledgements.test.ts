import test from "ava";
import { openGateway } from "../../components/gateway/names.ts";
import { podsOf, slicesOf } from "../../controller/observed.ts";
import { local } from "../migration/support/desired.ts";
import {
  asks,
  endpointsPath,
  known,
  offered,
  post,
  routesPath,
  site,
  slice,
} from "./support/discovery-site.ts";

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
