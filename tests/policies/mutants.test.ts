import test from "ava";
import { graphOf } from "../../policies/model/graph.ts";
import { unknown } from "../../policies/model/value.ts";
import { rules } from "../../policies/rules.ts";
import { evaluate } from "../../policies/runner.ts";
import { cloudSettings, goodCloud } from "./cloud-graph.ts";
import { goodGateway } from "./gateway-graph.ts";
import { goodResources, kube, resource, settings } from "./good-graph.ts";
import { mutants } from "./mutant-table.ts";
import { ignoring } from "./mutants/opaque-sources.ts";
import { weightsResources, weightsSettings } from "./weights-graph.ts";

function findings(resources: Parameters<typeof graphOf>[0], told = settings) {
  return evaluate(graphOf(resources), told).findings;
}

test("no rule objects to the good graph, and every rule ran", (t) => {
  const evaluation = evaluate(graphOf(goodResources), settings);
  t.deepEqual(evaluation.findings, []);
  t.is(evaluation.run, rules.length);
});

test("no rule objects to the good cloud, and every rule ran", (t) => {
  const evaluation = evaluate(graphOf(goodCloud), cloudSettings);
  t.deepEqual(evaluation.findings, []);
  t.is(evaluation.run, rules.length);
});

test("no rule objects to weights that are staged and verified, and every rule ran", (t) => {
  const evaluation = evaluate(graphOf(weightsResources), weightsSettings);
  t.deepEqual(evaluation.findings, []);
  t.is(evaluation.run, rules.length);
});

for (const { rule, title, resources, object, path, settings: told } of mutants) {
  test(`${rule} refuses: ${title}`, (t) => {
    const found = findings(resources, told);
    const places = found
      .filter((each) => each.policy === rule)
      .map((each) => `${each.object}: ${each.path}`);
    t.true(places.includes(`${object}: ${path}`), `found instead: ${places.join("; ")}`);
    t.true(found.every((each) => each.problem !== "" && each.remedy !== ""));
  });
}

test("every rule has at least three mutants", (t) => {
  const few = rules.filter(({ id }) => mutants.filter((each) => each.rule === id).length < 3);
  t.deepEqual(
    few.map(({ id }) => id),
    [],
  );
});

test("the titles of mutants differ, so that a failure names one", (t) => {
  const titles = mutants.map((each) => `${each.rule} ${each.title}`);
  t.is(new Set(titles).size, titles.length);
});

test("an autoscaler lets Pulumi ignore changes of the replica count", (t) => {
  t.deepEqual(findings(ignoring(["spec.replicas"], true)), []);
});

test("an autoscaler of an unknown target lets nothing be ignored", (t) => {
  const scaler = kube("keda.sh/v1alpha1:ScaledObject", "x", "inference", {
    spec: { scaleTargetRef: { name: unknown } },
  });
  t.deepEqual(
    findings([...ignoring(["spec.replicas"], false), scaler]).map(({ path }) => path),
    ["spec.replicas"],
  );
});

test("a chart with children and a node patch of labels and taints pass", (t) => {
  const chart = resource("kubernetes:helm.sh/v4:Chart", "c", { chart: "c", version: "1.2.3" });
  const child = kube("core/v1:ConfigMap", "c", "monitoring", {}, { parent: chart.urn });
  const patch = kube("core/v1:NodePatch", "n", undefined, {
    metadata: { name: "n", labels: { gpu: "a100" } },
    spec: { taints: [{ key: "nvidia.com/gpu", effect: "NoSchedule" }] },
  });
  t.deepEqual(findings([...goodResources, chart, child, patch]), []);
});

test("a Secret that cannot be decrypted passes", (t) => {
  const secret = kube("core/v1:Secret", "key", "inference", { data: { key: "[secret]" } });
  t.deepEqual(findings([...goodResources, secret]), []);
});

test("an admin policy that only denies passes", (t) => {
  const everybody = [{ namespaces: {} }];
  const deny = kube("policy.networking.k8s.io/v1alpha1:AdminNetworkPolicy", "deny", undefined, {
    spec: {
      priority: 10,
      subject: { namespaces: {} },
      egress: [{ action: "Deny", to: everybody }],
      ingress: [{ action: "Deny", from: everybody }],
    },
  });
  t.deepEqual(findings([...goodResources, deny]), []);
});

test("no rule objects to the product's own gateway, and every rule ran", (t) => {
  const evaluation = evaluate(graphOf(goodGateway), settings);
  t.deepEqual(evaluation.findings, []);
  t.is(evaluation.run, rules.length);
});

test("keys of clients pass where they belong, in a Secret", (t) => {
  const keys = { credentials: [{ key: "abcdefgh", client: "a" }] };
  const stringData = {
    "keys.json": JSON.stringify({
      resources: [{ "@type": "type.googleapis.com/envoy.x", ...keys }],
    }),
  };
  const [secret, map] = [
    kube("core/v1:Secret", "keys", "gateway", { stringData }),
    kube("core/v1:ConfigMap", "keys", "gateway", { data: stringData }),
  ];
  t.deepEqual(findings([...goodResources, secret]), []);
  t.deepEqual(
    findings([...goodResources, map]).map(({ policy }) => policy),
    ["A11"],
  );
});
