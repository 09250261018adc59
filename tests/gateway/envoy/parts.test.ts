import test from "ava";
import { closedBootstrap } from "../../../components/gateway/envoy/closed-bootstrap.ts";
import { egressBootstrap } from "../../../components/gateway/envoy/egress-bootstrap.ts";
import {
  endpointAssignment,
  healthAddressOf,
} from "../../../components/gateway/envoy/endpoints.ts";
import { keysResource, teamHash } from "../../../components/gateway/envoy/keys.ts";
import { openBootstrap } from "../../../components/gateway/envoy/open-bootstrap.ts";
import {
  eitherCluster,
  type RoutedClass,
  routedClass,
  taskClassRoutes,
} from "../../../components/gateway/envoy/routes.ts";
import { enginePaths } from "../../../components/lib/engine-paths.ts";
import { desiredRoutes } from "../../../components/lib/migration/desired.ts";
import { goodGateway, goodPlan, parsedGateway } from "../support/plan.ts";

const { classes } = desiredRoutes(goodPlan.gateway, goodPlan.models);

function chat(own: number, openai: number): RoutedClass {
  const found = classes.find(({ name }) => name === "chat");
  if (found === undefined) throw new Error("there is no chat");
  return routedClass(found, { own, openai });
}

/** Without those that refuse a request for too long an answer. */
const routesOf = (one: RoutedClass) =>
  taskClassRoutes([one], "house-model")
    .virtual_hosts.flatMap(({ routes }) => routes)
    .filter(({ name }) => name !== "too-long");

test("a class that may fail over goes to its engine by the cluster that can", (t) => {
  const [first] = routesOf(chat(30, 70));
  t.deepEqual(first?.route?.weighted_clusters?.clusters, [
    { name: eitherCluster("engine-large", "external-openai-gpt-5"), weight: 30 },
    { name: eitherCluster("external-openai-gpt-5", "engine-large"), weight: 70 },
  ]);
  t.truthy(first?.route?.retry_policy?.retry_priority);
});

test("a class that may not fail over names its engine alone", (t) => {
  const [first] = routesOf({ ...chat(30, 70), failover: false });
  t.deepEqual(
    first?.route?.weighted_clusters?.clusters.map(({ name }) => name),
    ["engine-large", eitherCluster("external-openai-gpt-5", "engine-large")],
  );
});

test("a class of one kind alone has no second place to go", (t) => {
  const one = chat(0, 100);
  const [first] = routesOf({ ...one, backends: one.backends.slice(1) });
  t.deepEqual(
    first?.route?.weighted_clusters?.clusters.map(({ name }) => name),
    ["external-openai-gpt-5"],
  );
  t.is(first?.route?.retry_policy?.retry_priority, undefined);
});

test("every share from 0 to 100 can be had, and other sums cannot", (t) => {
  for (const own of [0, 1, 50, 99, 100]) t.notThrows(() => routesOf(chat(own, 100 - own)));
  t.throws(() => routesOf(chat(0, 0)), { message: /chat: the shares add up to 0 percent/ });
  t.throws(() => routesOf(chat(60, 50)), { message: /110 percent/ });
});

test("a backend without a share is an error that names it", (t) => {
  t.throws(() => classes.map((one) => routedClass(one, { own: 100 })), {
    message: /chat: the backend "openai"/,
  });
});

test("routes match exact paths of an engine and nothing more", (t) => {
  const routes = routesOf(chat(50, 50));
  const forwarding = routes.filter(({ route }) => route !== undefined);
  t.deepEqual(
    forwarding.map(({ match }) => match.path),
    enginePaths.filter((path) => path !== "/v1/models"),
  );
  t.true(routes.every(({ match, route }) => match.prefix === undefined || route === undefined));
});

test("an answer may take as long as it does, and not be silent", (t) => {
  const [first] = routesOf({ ...chat(50, 50), latencyBudgetSeconds: 1 });
  t.is(first?.route?.timeout, "0s");
  t.is(first?.route?.retry_policy?.per_try_idle_timeout, "60s");
  const [slow] = routesOf({ ...chat(50, 50), latencyBudgetSeconds: 30 });
  t.is(slow?.route?.retry_policy?.per_try_idle_timeout, "180s");
});

test("a model with a name of its own is renamed wherever its engine may answer", (t) => {
  const models = [{ name: "large", servedName: "llama" }, ...goodPlan.models.slice(1)];
  const [first] = desiredRoutes(goodPlan.gateway, models).classes;
  const [route] = first === undefined ? [] : routesOf(routedClass(first, { own: 50, openai: 50 }));
  const [own, openai] = route?.route?.weighted_clusters?.clusters ?? [];
  t.regex(JSON.stringify(own), /"json_format":\{"model":"llama"\}/);
  // Its own way out names the provider's model; should that be closed, the engine has to know the name.
  t.regex(JSON.stringify(openai), /"json_format":\{"model":"llama"\}/);
});

test("the keys file bears class, team and the hash that logs show", (t) => {
  const text = keysResource([{ key: "k", client: "chat/blue" }]);
  t.true(text.includes(`"client": "chat/blue/${teamHash("blue")}"`));
  t.regex(teamHash("blue"), /^[0-9a-f]{12}$/);
  for (const client of ["chat", "chat/", "/blue", "chat/blue/x"]) {
    t.throws(() => keysResource([{ key: "k", client }]), { message: /give CLASS\/TEAM/ });
  }
});

test("nobody has a key by an empty keys file", (t) => {
  t.regex(keysResource([]), /"credentials": \[\]/);
});

test("an endpoint is checked through the proxy, by its own address as host name", (t) => {
  const { endpoints } = endpointAssignment("engine-large", [{ address: "10.0.0.7", port: 8000 }]);
  t.deepEqual(endpoints[0]?.lb_endpoints[0]?.endpoint, {
    address: { socket_address: { address: "10.0.0.7", port_value: 8000 } },
    health_check_config: {
      hostname: "10.0.0.7:8000",
      address: { socket_address: { address: "127.0.0.1", port_value: 9903 } },
    },
  });
});

test("a proxy says where it wants its checks to go", (t) => {
  t.deepEqual(healthAddressOf(openBootstrap(goodPlan)?.node.metadata), {
    address: "127.0.0.1",
    port: 9903,
  });
  for (const nothing of [undefined, {}, { health_address: {} }, "x"]) {
    t.is(healthAddressOf(nothing), undefined);
  }
});

test("a stack has no proxy that nothing needs", (t) => {
  const only = (place: number) => ({
    ...goodPlan,
    gateway: parsedGateway({ ...goodGateway, taskClasses: [goodGateway.taskClasses[place]] }),
  });
  t.is(closedBootstrap(only(0)), undefined);
  t.truthy(openBootstrap(only(0)));
  t.truthy(egressBootstrap(only(0)));
  t.is(openBootstrap(only(3)), undefined);
  t.is(egressBootstrap(only(3)), undefined);
  t.truthy(closedBootstrap(only(3)));
});

test("a class with a model that the stack does not have is an error that names it", (t) => {
  const plan = { ...goodPlan, models: goodPlan.models.slice(1) };
  t.throws(() => closedBootstrap(plan), {
    message: /the model "large"; name one of the stack: small/,
  });
});
