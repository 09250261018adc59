import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import * as path from "node:path";
import test from "ava";
import { parse } from "yaml";
import { z } from "zod";
import { runPackProcess } from "../../../offline/pack-process.ts";
import { policyName } from "../../../policies/message.ts";
import { graphOf } from "../../../policies/model/graph.ts";
import type { Resource } from "../../../policies/model/resource.ts";
import { rules } from "../../../policies/rules.ts";
import { evaluate } from "../../../policies/runner.ts";
import { repository } from "../../support/repository-copy.ts";
import { goodResources, kube, settings } from "../good-graph.ts";
import { everyMutant } from "../support/every-mutant.ts";
import { askEveryPolicy } from "../support/every-policy.ts";

/** 3.252.0 fixes a panic of the engine at a violation of a stack policy. */
const engineFloor = "3.252.0";
/** 1.21.0 exports the proxy that tests need, and mends its own at filter and map. */
const sdkFloor = "1.21.0";

const broken = everyMutant("dev", 8);
const reversed = broken.toReversed();

test("F11: findings are sorted, and the same whatever the order of the graph", (t) => {
  const { findings } = evaluate(graphOf(broken), settings);
  t.deepEqual(evaluate(graphOf(reversed), settings).findings, findings);
  const keys = findings.map(({ policy, object, path: at }) => [policy, object, at].join("\n"));
  t.deepEqual(keys, keys.toSorted());
});

test("F11: two roles of one name are told in one order, whichever comes first", (t) => {
  const role = (urn: string, resource: string) => ({
    ...kube("rbac.authorization.k8s.io/v1:ClusterRole", "wide", undefined, {
      rules: [{ apiGroups: [""], resources: [resource], verbs: ["create"] }],
    }),
    urn,
  });
  const roles = [role("urn:1", "pods/exec"), role("urn:2", "nodes/proxy")];
  const binding = kube("rbac.authorization.k8s.io/v1:ClusterRoleBinding", "b", undefined, {
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "wide" },
    subjects: [{ kind: "ServiceAccount", name: "ghost", namespace: "kube-system" }],
  });
  const found = (order: readonly Resource[]) =>
    evaluate(graphOf([...goodResources, ...order, binding]), settings).findings;
  t.true(found(roles).some(({ policy }) => policy === "W06"));
  t.deepEqual(found(roles.toReversed()), found(roles));
});

test("F11: a stack policy reports in the same order, whatever the order of the engine", async (t) => {
  const stackPolicies = new Set(
    rules.filter(({ level }) => level === "stack").map((rule) => policyName(rule)),
  );
  const lines = async (resources: readonly Resource[]) =>
    (await askEveryPolicy(resources))
      .filter(({ policy }) => stackPolicies.has(policy))
      .map(({ policy, args }) => `${policy} ${String(args[0])}`);
  const inOrder = await lines(broken);
  t.true(inOrder.length > 20);
  t.deepEqual(await lines(reversed), inOrder);
});

test("F11: the pack as a process answers the same to both orders", async (t) => {
  t.deepEqual(await runPackProcess(reversed, "dev"), await runPackProcess(broken, "dev"));
});

test(`F11: the engine must be ${engineFloor} or newer`, async (t) => {
  const project: unknown = parse(await readFile(path.join(repository, "Pulumi.yaml"), "utf8"));
  const { requiredPulumiVersion } = z.object({ requiredPulumiVersion: z.string() }).parse(project);
  const floor = /^>=(\d+\.\d+\.\d+)$/.exec(requiredPulumiVersion)?.[1] ?? "0.0.0";
  t.true(atLeast(floor, engineFloor), requiredPulumiVersion);
});

test(`F11: the SDK of policies is pinned at ${sdkFloor} or newer, and that is what is installed`, async (t) => {
  const manifest = z
    .object({ dependencies: z.record(z.string(), z.string()) })
    .parse(JSON.parse(await readFile(path.join(repository, "package.json"), "utf8")));
  const pinned = manifest.dependencies["@pulumi/policy"] ?? "";
  t.regex(pinned, /^\d+\.\d+\.\d+$/);
  t.true(atLeast(pinned, sdkFloor), pinned);
  const installed: unknown = createRequire(import.meta.url)("@pulumi/policy/package.json");
  const { version } = z.object({ version: z.string() }).parse(installed);
  t.is(version.replace(/^v/, ""), pinned);
});

function atLeast(version: string, floor: string): boolean {
  const [a, b] = [version, floor].map((text) => text.split(".").map(Number));
  for (const [index, part] of (b ?? []).entries()) {
    const own = a?.[index] ?? 0;
    if (own !== part) return own > part;
  }
  return true;
}
