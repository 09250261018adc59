import { createRequire } from "node:module";
import test from "ava";
import { runPackProcess } from "../../../offline/pack-process.ts";
import type { Resource } from "../../../policies/model/resource.ts";
import { isArray, isObject, unknown, type Value } from "../../../policies/model/value.ts";
import { rawProperties } from "../../../policies/pack/raw-properties.ts";
import { changed, goodResources, kube, replaceAt } from "../good-graph.ts";
import { proxied } from "../support/ask-pack.ts";
import { askEveryPolicy } from "../support/every-policy.ts";

const cidr = ["spec", "egress", 0, "to", 0, "ipBlock", "cidr"];

/** An address that is unknown at preview, and beside it a pod that breaks a rule by itself. */
const hidden: readonly Resource[] = [
  ...changed("NetworkPolicy/to-store", cidr, unknown),
  kube("core/v1:Pod", "open", "inference", { spec: { hostNetwork: true } }),
];

const reading = "NetworkPolicy inference/to-store: spec.egress[0].to[0].ipBlock.cidr: is not known";

test("F1: reading an unknown through the SDK's proxy throws, so no policy may read through it", (t) => {
  const policy = hidden.find(({ name }) => name === "to-store");
  t.throws(() => JSON.stringify(policy === undefined ? undefined : proxied(policy)), {
    message: /can't be known during preview/,
  });
});

test("F1: an unknown is reported with its path, and the other resources are still judged", async (t) => {
  const lines = (await askEveryPolicy(hidden)).map(
    ({ policy, args }) => `${policy} ${String(args[0])}`,
  );
  for (const policy of ["E05", "C01"]) {
    t.true(
      lines.some((line) => line.startsWith(policy) && line.includes(reading)),
      `${policy}: ${lines.join("\n")}`,
    );
  }
  t.true(lines.some((line) => /^W01-\S+ Pod inference\/open: spec\.hostNetwork: /.test(line)));
});

test("F1: over gRPC the violation is mandatory, and the SDK never says that a policy cannot run", async (t) => {
  const found = await runPackProcess(hidden, "dev");
  const at = found.filter(({ message }) => message.startsWith(reading));
  t.true(at.some(({ policy }) => policy.startsWith("E05")));
  t.true(at.every(({ enforcement }) => enforcement === "mandatory"));
  t.true(found.some(({ message }) => message.startsWith("Pod inference/open: spec.hostNetwork")));
  t.deepEqual(
    found.filter(({ message }) => message.includes("can't run policy")),
    [],
  );
});

/** Graphs with one unknown in each resource, each time at another place of it. */
const rounds = 6;

function withUnknowns(round: number): readonly Resource[] {
  return goodResources.map((resource) => {
    const places = subtrees(resource.properties);
    const path = places[Math.floor((places.length * (round + 0.5)) / rounds)] ?? [];
    const properties = replaceAt(resource.properties, path, unknown);
    return isObject(properties) ? { ...resource, properties } : resource;
  });
}

test("F1: no policy throws at unknowns, wherever they stand", async (t) => {
  for (const round of Array(rounds).keys()) {
    const graph = withUnknowns(round);
    t.true(graph.every((each, index) => each !== goodResources[index]));
    await t.notThrowsAsync(askEveryPolicy(graph), `round ${round}`);
  }
});

function subtrees(
  value: Value | undefined,
  path: readonly (string | number)[] = [],
): readonly (readonly (string | number)[])[] {
  const below: (readonly (string | number)[])[] = isArray(value)
    ? value.flatMap((item, index) => subtrees(item, [...path, index]))
    : isObject(value)
      ? Object.entries(value).flatMap(([key, field]) => subtrees(field, [...path, key]))
      : [];
  return path.length === 0 ? below : [path, ...below];
}

test("F1: every mark that the SDK has for an unknown reads as unknown", (t) => {
  const sdk: unknown = createRequire(import.meta.url)("@pulumi/policy/proxy.js");
  if (typeof sdk !== "object" || sdk === null) throw new Error("the SDK has no proxy module");
  const marks = Object.entries(sdk).filter(([name]) => /^unknown\w+Value$/.test(name));
  t.is(marks.length, 7);
  for (const [name, mark] of marks) {
    t.is(rawProperties({ field: mark })["field"], unknown, name);
  }
});

test("F1: an asset, whose content nobody sees, reads as unknown as well", (t) => {
  class Asset {
    readonly path = "values.yaml";
  }
  t.is(rawProperties({ field: new Asset() })["field"], unknown);
});
