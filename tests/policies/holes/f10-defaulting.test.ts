import test from "ava";
import type { KubeClient } from "../../../deploy/api/client.ts";
import { graphOf } from "../../../policies/model/graph.ts";
import type { Resource } from "../../../policies/model/resource.ts";
import { evaluate } from "../../../policies/runner.ts";
import { kubectl } from "../../cluster/support/clusters.ts";
import { type Laboratory, laboratory } from "../../deploy/support/real-cluster.ts";
import { goodResources, kube, settings } from "../good-graph.ts";
import { mutants } from "../mutant-table.ts";
import { defaulted } from "../support/defaulted.ts";

/**
 * Mutants that an API server mends by itself: what was left to chance is written down then, and no
 * longer wrong.
 */
const mended: Readonly<Record<string, string>> = {
  "E04: policy without policyTypes":
    "the server writes the directions down, and the policy governs those from then on",
};

let lab: Laboratory;
let client: KubeClient;

test.before(async (t) => {
  // On a machine without the tools they are built first, which takes minutes.
  t.timeout(30 * 60_000);
  lab = await laboratory();
  const started = await lab.start("defaults");
  ({ client } = started);
  for (const namespace of ["inference", "gateway", "monitoring"]) {
    await kubectl(started.kubeconfig, ["create", "namespace", namespace]);
    await kubectl(started.kubeconfig, ["create", "serviceaccount", "own", "-n", namespace]);
  }
});

test.after.always(async () => {
  await lab?.close();
});

test("F10: the good graph stays clean when a real API server has filled in its defaults", async (t) => {
  const filled = await Promise.all(goodResources.map((each) => defaulted(client, each)));
  t.true(filled.filter((each) => each !== undefined).length >= 8);
  const graph = goodResources.map((each, index) => filled[index] ?? each);
  t.deepEqual(evaluate(graphOf(graph), settings).findings, []);
});

test("F10: what a rule refuses it refuses with the defaults of a real API server as well", async (t) => {
  const good = new Set(goodResources);
  const silent: string[] = [];
  let judged = 0;
  for (const { rule, title, resources, settings: told } of mutants) {
    const changed = resources.filter((each) => !good.has(each));
    const filled = await Promise.all(changed.map((each) => defaulted(client, each)));
    if (changed.length === 0 || filled.includes(undefined)) continue;
    judged += 1;
    const graph: readonly Resource[] = resources.map(
      (each) => filled[changed.indexOf(each)] ?? each,
    );
    const { findings } = evaluate(graphOf(graph), told ?? settings);
    if (!findings.some(({ policy }) => policy === rule)) silent.push(`${rule}: ${title}`);
  }
  t.log(`${judged} of ${mutants.length} mutants are objects that an API server accepts`);
  t.true(judged > mutants.length / 4);
  t.deepEqual([...new Set(silent)].toSorted(), Object.keys(mended).toSorted());
});

test("F10: an absent, an empty and a null namespace read as `default`, before and after", async (t) => {
  for (const metadata of [
    { name: "x" },
    { name: "x", namespace: "" },
    { name: "x", namespace: null },
  ]) {
    const pod = kube("core/v1:Pod", "x", undefined, {
      metadata,
      spec: { hostNetwork: true, containers: [{ name: "c", image: "x" }] },
    });
    const { findings } = evaluate(graphOf([pod]), settings);
    t.true(
      findings.some(
        ({ object, path }) => object === "Pod default/x" && path === "spec.hostNetwork",
      ),
    );
  }
});
