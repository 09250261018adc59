import test from "ava";
import type { KubeClient } from "../../deploy/api/client.ts";
import { removeStack } from "../../deploy/down.ts";
import { readInventory } from "../../deploy/inventory.ts";
import type { DeployableStack } from "../../deploy/stack.ts";
import type { PlannedObject } from "../../offline/render/plan.ts";
import { silentProgress } from "../../tools/cluster/progress.ts";
import { planned } from "./support/plan.ts";
import {
  applied,
  devStack,
  inference,
  items,
  type Laboratory,
  laboratory,
} from "./support/real-cluster.ts";

let lab: Laboratory;
let client: KubeClient;
let dev: DeployableStack;

test.before(async (t) => {
  // On a machine without the tools they are built first, which takes minutes.
  t.timeout(30 * 60_000);
  lab = await laboratory();
  ({ client } = await lab.start("prune"));
  dev = await devStack();
  await applied(client, dev);
});

test.after.always(async () => {
  await lab?.close();
});

/** The stack less one of its objects. */
function less(kind: string, name: string): DeployableStack {
  return {
    ...dev,
    planned: dev.planned.filter((each) => each.kind !== kind || each.name !== name),
  };
}

test("an object that the stack no longer has is pruned", async (t) => {
  const result = await applied(client, less("ConfigMap", "llama-3-70b-dashboard"));
  t.is(result.pruned, 1);
  t.deepEqual(result.steps, ["deleted ConfigMap inference/llama-3-70b-dashboard"]);
  const gone = `${inference}/configmaps/llama-3-70b-dashboard`;
  t.is((await client.send("GET", gone)).status, 404);
  t.is((await applied(client, dev)).created, 1);
});

test("an object that lost the stack's label is left alone", async (t) => {
  const place = `${inference}/configmaps/llama-3-70b-dashboard`;
  await client.send("PATCH", place, {
    body: { metadata: { labels: { "private-llm/stack": null } } },
    contentType: "application/merge-patch+json",
  });
  const result = await applied(client, less("ConfigMap", "llama-3-70b-dashboard"));
  t.is(result.pruned, 0);
  t.deepEqual(result.steps, [
    "left alone ConfigMap inference/llama-3-70b-dashboard: it carries no label private-llm/stack=dev",
  ]);
  await t.throwsAsync(applied(client, dev), {
    message:
      `nothing was changed; 1 of ${dev.planned.length} objects cannot be applied\n` +
      "  ConfigMap inference/llama-3-70b-dashboard: exists, and this stack did not make it; rename it in the stack, or hand it over with " +
      "kubectl label configmap llama-3-70b-dashboard -n inference private-llm/stack=dev",
  });
  await client.send("DELETE", place);
  t.is((await applied(client, dev)).created, 1);
});

test("what an interrupted run made is pruned when the stack drops it before the next", async (t) => {
  const [a, b, c] = ["a", "b", "c"].map((name) => planned("ConfigMap", name));
  if (a === undefined || b === undefined || c === undefined) throw new Error("three objects");
  const nothingRandom = { ...dev, random: new Map() };
  const interrupted = (...objects: PlannedObject[]) => {
    const controller = new AbortController();
    const progress = { tick: () => {}, step: () => controller.abort() };
    const options = { stack: "torn", progress, signal: controller.signal };
    return applied(client, { ...nothingRandom, planned: objects }, options);
  };
  const message = "interrupted; the same command completes the work";
  await t.throwsAsync(interrupted(a, c), { message });
  await t.throwsAsync(interrupted(b), { message });
  const next = await applied(client, { ...nothingRandom, planned: [b] }, { stack: "torn" });
  t.deepEqual(next.steps, ["deleted ConfigMap default/a"]);
  await t.throwsAsync(applied(client, { ...nothingRandom, planned: [b] }, { stack: "twin" }), {
    message:
      "nothing was changed; 1 of 1 objects cannot be applied\n" +
      "  ConfigMap default/b: belongs to stack torn; rename it in one of the two stacks",
  });
});

test("a claim is deleted with somebody's word only", async (t) => {
  const gone = ["PersistentVolumeClaim llama-3-70b-weights", "Deployment llama-3-70b"];
  const rest = {
    ...dev,
    planned: dev.planned.filter(({ kind, name }) => !gone.includes(`${kind} ${name}`)),
  };
  const list =
    "stack dev no longer has these, and deleting them loses something\n" +
    "  PersistentVolumeClaim inference/llama-3-70b-weights (holds data)";
  await t.throwsAsync(applied(client, rest), {
    message: `nothing was changed; ${list}\nadd them to the stack again, or delete them with --yes`,
  });
  const asked: string[] = [];
  const confirm = (question: string) => {
    asked.push(question);
    return Promise.resolve(false);
  };
  await t.throwsAsync(applied(client, rest, { confirm }), {
    message: "nothing was changed: deletion declined",
  });
  t.deepEqual(asked, [`${list}\nDelete them?`]);
  t.is((await items(client, `${inference}/persistentvolumeclaims`)).length, 1);
  t.is((await items(client, "/apis/apps/v1/namespaces/inference/deployments")).length, 1);
  t.is((await applied(client, rest, { yes: true })).pruned, 2);
  t.is((await items(client, `${inference}/persistentvolumeclaims`)).length, 0);
});

test("walls stand until the workloads behind them are gone", async (t) => {
  const options = { client, stack: "walls", progress: silentProgress };
  const wall = planned(
    "NetworkPolicy",
    "wall",
    { spec: { podSelector: {}, policyTypes: ["Egress"] } },
    { apiVersion: "networking.k8s.io/v1" },
  );
  const labels = { app: "busy" };
  const busy = planned(
    "Deployment",
    "busy",
    {
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: "c", image: "x" }] } },
        replicas: 0,
      },
    },
    { apiVersion: "apps/v1" },
  );
  await applied(client, { ...dev, random: new Map(), planned: [wall, busy] }, { stack: "walls" });
  const hold = (finalizers: readonly string[]) =>
    client.send("PATCH", "/apis/apps/v1/namespaces/default/deployments/busy", {
      body: { metadata: { finalizers } },
      contentType: "application/merge-patch+json",
    });
  await hold(["example.com/hold"]);
  await t.throwsAsync(removeStack({ ...options, yes: true, timeoutSeconds: 1 }), {
    message:
      "still there 1 s after deletion: Deployment default/busy; look for their finalizers and for pods that use them",
  });
  const walls = "/apis/networking.k8s.io/v1/namespaces/default/networkpolicies";
  t.is((await items(client, walls)).length, 1);
  await hold([]);
  await removeStack({ ...options, yes: true, timeoutSeconds: 30 });
  t.is((await items(client, walls)).length, 0);
});

test("removing a stack keeps what holds data unless told otherwise", async (t) => {
  const options = { client, stack: "dev", timeoutSeconds: 60, progress: silentProgress };
  const first = await removeStack({ ...options, yes: false });
  t.deepEqual(
    first?.kept.map(({ kind, name }) => `${kind} ${name}`),
    [
      "PersistentVolume local-single-volume-1",
      "PersistentVolume local-volume-1",
      "PersistentVolumeClaim gateway-counter",
      "Namespace gateway",
      "Namespace inference",
      "Secret gateway-counter",
      "Secret gateway-egress-key",
      "Secret gateway-engine-keys",
      "Secret gateway-keys-none",
      "Secret llama-3-70b-api-key",
    ].toSorted(),
  );
  t.is((await readInventory(client, "dev"))?.length, 10);
  t.deepEqual(await removeStack({ ...options, yes: true }), { removed: 10, kept: [] });
  t.is(await removeStack({ ...options, yes: true }), undefined);
  t.is((await client.send("GET", "/api/v1/namespaces/inference")).status, 404);
});
