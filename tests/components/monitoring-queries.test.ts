import test from "ava";
import { vllmMetrics } from "../../components/engines/vllm-metrics.ts";
import { engineDashboard } from "../../components/monitoring/dashboard.ts";
import { engineRules } from "../../components/monitoring/rules.ts";
import { json } from "./eks-fixture.ts";
import {
  engineMetricNames,
  goneMetricNames,
  latencyBounds,
  metricNames,
} from "./lib/engine-metric-names.ts";
import { at, list, text } from "./lib/look.ts";

/** Every query of rules and dashboard. */
function queries(): string[] {
  const rules = engineRules("llama-public", vllmMetrics).flatMap(({ rules: group = [] }) =>
    group.map(({ expr }) => String(expr)),
  );
  const panels = list(json(engineDashboard("llama-public", vllmMetrics)), "panels").flatMap(
    (panel) =>
      at(panel, "targets") === undefined
        ? []
        : list(panel, "targets").map((target) => text(target, "expr")),
  );
  return [...rules, ...panels];
}

test("every metric of every query is one that the engine exports", (t) => {
  t.is(queries().length, 12);
  for (const query of queries()) {
    const names = metricNames(query);
    t.true(names.length > 0, query);
    t.deepEqual(
      names.filter((name) => !engineMetricNames.has(name)),
      [],
      query,
    );
  }
});

test("no name in the table of metrics is one that the engine lacks", (t) => {
  t.deepEqual(
    Object.values(vllmMetrics).filter((name) => !engineMetricNames.has(name)),
    [],
  );
});

test("the metrics of a query are found between functions, labels, ranges and keywords", (t) => {
  t.deepEqual(
    metricNames(
      'histogram_quantile(0.95, sum by (le) (rate(a:b_bucket{le="5.0",x="sum(c)"}[5m]))) > 1e3 and on (pod) d offset 5m',
    ),
    ["a:b_bucket", "d"],
  );
});

for (const gone of goneMetricNames) {
  test(`a query on ${gone} would be noticed`, (t) => {
    const [name] = metricNames(`max(${gone}{model_name="x"})`);
    t.is(name, gone);
    t.false(engineMetricNames.has(gone));
  });
}

test("every query asks for this one model", (t) => {
  for (const query of queries()) {
    const selectors = [...query.matchAll(/vllm:\w+(\{[^}]*\})?/g)].map(([, labels]) => labels);
    for (const labels of selectors) t.regex(labels ?? "", /model_name="llama-public"/, query);
  }
});

test("a latency is compared at a boundary of the engine's histogram, spelt as the engine spells it", (t) => {
  const bounds = queries().flatMap((query) =>
    [...query.matchAll(/le="([^"]*)"/g)].map(([, bound]) => bound ?? ""),
  );
  t.deepEqual(bounds, ["5.0"]);
  t.true(bounds.every((bound) => latencyBounds.has(bound)));
});

test("the latency alert keeps silent where almost nothing is asked", (t) => {
  const rule = engineRules("m", vllmMetrics)
    .flatMap(({ rules: group = [] }) => group)
    .find(({ alert }) => alert === "EngineLatencyHigh");
  t.regex(
    String(rule?.expr),
    / < 0\.95 and sum\(increase\(vllm:e2e_request_latency_seconds_count\{model_name="m"\}\[5m\]\)\) > 20$/,
  );
});

test("every alert says how bad it is, what is wrong and what to do", (t) => {
  const rules = engineRules("llama-public", vllmMetrics).flatMap(({ rules: group = [] }) => group);
  t.deepEqual(
    rules.map(({ alert, labels }) => [alert, labels?.["severity"], labels?.["model"]]),
    [
      ["EngineAbsent", "critical", "llama-public"],
      ["EngineStalled", "critical", "llama-public"],
      ["EngineQueueGrows", "warning", "llama-public"],
      ["EngineLatencyHigh", "warning", "llama-public"],
    ],
  );
  for (const { annotations } of rules) {
    t.regex(annotations?.["summary"] ?? "", /llama-public/);
    t.regex(annotations?.["remedy"] ?? "", /\.$/);
  }
});

test("a dashboard is the same text each time, with a query in every panel", (t) => {
  t.is(engineDashboard("llama-public", vllmMetrics), engineDashboard("llama-public", vllmMetrics));
  const dashboard = json(engineDashboard("llama-public", vllmMetrics));
  t.is(at(dashboard, "title"), "Model llama-public");
  t.is(at(dashboard, "uid"), "private-llm-llama-public");
  const panels = list(dashboard, "panels").filter((panel) => at(panel, "type") !== "row");
  t.is(panels.length, 8);
  for (const panel of panels) t.is(list(panel, "targets").length, 1, text(panel, "title"));
});

test("dashboards of two models are never taken for one another, however long their names", (t) => {
  const stem = "llama-3-3-70b-instruct-for-the-legal-department";
  const names = ["llama", stem, `${stem}-eu`, `${stem}-us`];
  const uids = names.map((name) => text(json(engineDashboard(name, vllmMetrics)), "uid"));
  t.is(new Set(uids).size, names.length);
  // Grafana refuses longer identifiers.
  for (const uid of uids) t.true(uid.length <= 40, uid);
});
