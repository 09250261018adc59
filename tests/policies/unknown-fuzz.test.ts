import test from "ava";
import { graphOf } from "../../policies/model/graph.ts";
import type { Resource } from "../../policies/model/resource.ts";
import { unknown, type Value } from "../../policies/model/value.ts";
import { rules } from "../../policies/rules.ts";
import { evaluate } from "../../policies/runner.ts";
import { placesOf, type Step, withValue } from "./fuzz-places.ts";
import { admissionResources, goodResources, settings } from "./good-graph.ts";

/**
 * Places where an unknown value may stand, and why it can weaken nothing. Everything else in the good
 * graph must turn at least one rule red.
 */
const irrelevant: Readonly<Record<string, string>> = {
  "Deployment/llama spec.replicas": "how many pods run changes nothing about any of them",
  'Deployment/proxy spec.template.metadata.annotations["checksum/config"]':
    "an annotation that no other program reads",
  "Deployment/proxy spec.template.spec.nodeSelector": "where a pod runs opens no way out",
  "Deployment/proxy spec.template.spec.nodeSelector.pool": "where a pod runs opens no way out",
  "Deployment/proxy spec.template.spec.tolerations": "where a pod runs opens no way out",
  "Deployment/proxy spec.template.spec.tolerations[0]": "where a pod runs opens no way out",
  "Deployment/proxy spec.template.spec.tolerations[0].key": "where a pod runs opens no way out",
  "Deployment/proxy spec.template.spec.tolerations[0].operator":
    "where a pod runs opens no way out",
  "Deployment/proxy spec.template.spec.containers[0].env[0].value":
    "an ordinary variable outside the inference namespace steers no library",
  "DaemonSet/driver spec.template.metadata": "labels of infrastructure pods are read by no rule",
  "DaemonSet/driver spec.template.spec.hostNetwork": "infrastructure pods may share the host",
  "DaemonSet/driver spec.template.spec.containers[0].name": "a name decides nothing",
};

function evaluateWith(resource: Resource, path: readonly Step[], value: Value) {
  return evaluate(graphOf(withValue(goodResources, { resource, path }, value)), settings);
}

/** C04 compares admission policies as a whole; a test of its own tries each of their places. */
const others = goodResources.filter((each) => !admissionResources.includes(each));

const everyPlace = placesOf(others);

test("an unknown anywhere is a violation, unless it is listed as irrelevant", (t) => {
  const silent = everyPlace.filter(
    ({ resource, path }) => evaluateWith(resource, path, unknown).findings.length === 0,
  );
  t.deepEqual(silent.map(({ name }) => name).toSorted(), Object.keys(irrelevant).toSorted());
  t.true(everyPlace.length > 100, `only ${everyPlace.length} places were tried`);
});

test("no rule breaks down on a value of the wrong shape", (t) => {
  const wrong: readonly Value[] = ["text", 7, true, null, [], ["text"], [[]], {}, { a: [null] }];
  const broken = everyPlace.flatMap(({ resource, path, name }) =>
    wrong
      .filter((value) => evaluateWith(resource, path, value).run !== rules.length)
      .map((value) => `${name} = ${JSON.stringify(value)}`),
  );
  t.deepEqual(broken, []);
});

test("a pod of the wrong shape is never taken for a sound one", (t) => {
  const structures = [
    "spec",
    "spec.template",
    "spec.template.spec",
    "spec.template.spec.containers",
  ];
  const [deployment] = goodResources.filter((each) => each.name === "llama");
  t.truthy(deployment);
  for (const structure of structures) {
    for (const value of ["text", 7, true]) {
      const found = deployment && evaluateWith(deployment, structure.split("."), value).findings;
      t.true(
        found?.some((each) => each.policy === "W01"),
        `${structure} = ${value}`,
      );
    }
  }
});
