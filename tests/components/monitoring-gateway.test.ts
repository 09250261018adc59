import test from "ava";
import { gatewayMetrics } from "../../components/monitoring/gateway-metrics.ts";
import { gatewayRules } from "../../components/monitoring/gateway-rules.ts";
import { ofType, one } from "./eks-fixture.ts";
import { metricNames } from "./lib/engine-metric-names.ts";
import { at, list } from "./lib/look.ts";
import { deployStack } from "./lib/platform-stack.ts";

test("every metric of every alert of the gateway is in the table of what was read", (t) => {
  const known = new Set<string>(Object.values(gatewayMetrics));
  const queries = gatewayRules("gateway", true).flatMap(({ rules = [] }) =>
    rules.map(({ expr }) => String(expr)),
  );
  t.is(queries.length, 12);
  for (const query of queries) {
    const names = metricNames(query);
    t.true(names.length > 0, query);
    t.deepEqual(
      names.filter((name) => !known.has(name)),
      [],
      query,
    );
    t.regex(query, /namespace="gateway"/);
  }
});

test("without limits no alert waits for a counter", (t) => {
  const alerts = (isLimited: boolean) =>
    gatewayRules("gateway", isLimited).flatMap(({ rules = [] }) => rules.map(({ alert }) => alert));
  t.deepEqual(
    alerts(true).filter((name) => !alerts(false).includes(name)),
    ["GatewayCounterDown", "GatewayBudgetNearLimit", "GatewayBudgetSpent"],
  );
});

test("each alert says what is wrong and what to do", (t) => {
  for (const { rules = [] } of gatewayRules("gateway", true)) {
    for (const { annotations } of rules) {
      t.regex(String(annotations?.["summary"]), /^[A-Z{].*\.$/);
      t.regex(String(annotations?.["remedy"]), /^[A-Z].*\.$/);
    }
  }
});

test("the monitors find every pod of the gateway by a port that it names", async (t) => {
  const deployment = await deployStack("dev");
  const monitors = ["proxies", "routes", "limits"].map(
    (kind) => one(deployment, "PodMonitor", `monitoring-pods-of-${kind}`).inputs,
  );
  const pods = ofType(deployment, "Deployment").filter(
    ({ inputs }) =>
      at(inputs, "metadata", "namespace") === "gateway" &&
      // Redis has no metrics of its own; the rate-limit service tells of it.
      at(inputs, "metadata", "name") !== "gateway-counter",
  );
  t.is(pods.length, 5);
  for (const { name, inputs } of pods) {
    const labels = at(inputs, "spec", "template", "metadata", "labels");
    const found = monitors.filter((monitor) =>
      Object.entries(Object(at(monitor, "spec", "selector", "matchLabels"))).every(
        ([key, value]) => at(labels, key) === value,
      ),
    );
    t.is(found.length, 1, name);
    const ports = list(inputs, "spec", "template", "spec", "containers", 0, "ports").map((port) =>
      at(port, "name"),
    );
    t.true(ports.includes(at(found[0], "spec", "podMetricsEndpoints", 0, "port")), name);
  }
});
