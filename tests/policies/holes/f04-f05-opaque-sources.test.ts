import test from "ava";
import { runPackProcess } from "../../../offline/pack-process.ts";
import { graphOf } from "../../../policies/model/graph.ts";
import { unknown } from "../../../policies/model/value.ts";
import { evaluate } from "../../../policies/runner.ts";
import { goodResources, kube, resource, settings } from "../good-graph.ts";

/** Everything of the Kubernetes package that makes objects out of something else. */
const expandable = [
  "kubernetes:helm.sh/v4:Chart",
  "kubernetes:yaml/v2:ConfigGroup",
  "kubernetes:yaml/v2:ConfigFile",
  "kubernetes:yaml:ConfigGroup",
  "kubernetes:yaml:ConfigFile",
  "kubernetes:kustomize/v2:Directory",
  "kubernetes:kustomize:Directory",
];

/** What hands a chart to Helm, or code to somebody else, so that objects never become resources. */
const closed = [
  "kubernetes:helm.sh/v3:Release",
  "kubernetes:helm.sh/v3:Chart",
  "kubernetes-cert-manager:index:CertManager",
  "helm:index:Release",
  "command:local:Command",
  "command:remote:Command",
  "pulumi-nodejs:dynamic:Resource",
  "flux:index:FluxBootstrapGit",
];

/** One release, so that nothing but what stands behind it is at fault. */
const pinned = { chart: "c", version: "1.2.3" };

function opaque(type: string, withChild = false) {
  const source = resource(type, "source", pinned);
  const child = kube("core/v1:ConfigMap", "c", "monitoring", {}, { parent: source.urn });
  const resources = [...goodResources, source, ...(withChild ? [child] : [])];
  const { findings } = evaluate(graphOf(resources), settings);
  return findings.map(({ policy, object, enforcement }) => `${policy} ${object} ${enforcement}`);
}

for (const type of expandable) {
  test(`F4: ${type} without objects behind it is refused, with objects it passes`, (t) => {
    t.deepEqual(opaque(type), [`C02 ${type} source mandatory`]);
    t.deepEqual(opaque(type, true), []);
  });
}

test("F4: a group whose one file is empty is refused at the file", (t) => {
  const group = resource("kubernetes:yaml/v2:ConfigGroup", "all", {});
  const file = resource("kubernetes:yaml/v2:ConfigFile", "one", {}, { parent: group.urn });
  const { findings } = evaluate(graphOf([group, file]), settings);
  t.deepEqual(
    findings.map(({ object }) => object),
    ["kubernetes:yaml/v2:ConfigFile one"],
  );
});

test("F4: an unknown input is refused even where the program put an object behind the chart", (t) => {
  const chart = resource("kubernetes:helm.sh/v4:Chart", "c", {
    ...pinned,
    values: { image: unknown },
  });
  const decoy = kube("core/v1:ConfigMap", "decoy", "monitoring", {}, { parent: chart.urn });
  const { findings } = evaluate(graphOf([chart, decoy]), settings);
  t.deepEqual(
    findings.map(({ policy, path }) => [policy, path]),
    [["C02", "values"]],
  );
});

for (const type of closed) {
  test(`F5: ${type} is refused, whatever stands behind it`, (t) => {
    t.deepEqual(opaque(type), [`C02 ${type} source mandatory`]);
    t.deepEqual(opaque(type, true), [`C02 ${type} source mandatory`]);
  });
}

test("F4, F5: the pack as a process refuses all of them", async (t) => {
  const resources = [...expandable, ...closed].map((type) => ({
    ...resource(type, "source", {}),
    urn: `urn:pulumi:dev::private-llm::${type}::source`,
  }));
  const found = await runPackProcess(resources, "dev");
  t.deepEqual(
    found
      .filter(({ policy, enforcement }) => policy.startsWith("C02") && enforcement === "mandatory")
      .map(({ urn }) => urn)
      .toSorted(),
    resources.map(({ urn }) => urn).toSorted(),
  );
});
