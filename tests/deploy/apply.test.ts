import test from "ava";
import type { KubeClient } from "../../deploy/api/client.ts";
import { removeStack } from "../../deploy/down.ts";
import { refuseMixing } from "../../deploy/engine/mixing.ts";
import type { DeployableStack } from "../../deploy/stack.ts";
import { at, type Value } from "../../policies/model/value.ts";
import { silentProgress } from "../../tools/cluster/progress.ts";
import { planned } from "./support/plan.ts";
import {
  apiKey,
  applied,
  devStack,
  get,
  keyOf,
  type Laboratory,
  laboratory,
  position,
  record,
  replaced,
  textAt,
} from "./support/real-cluster.ts";

let lab: Laboratory;
let client: KubeClient;
let dev: DeployableStack;

test.before(async (t) => {
  // On a machine without the tools they are built first, which takes minutes.
  t.timeout(30 * 60_000);
  lab = await laboratory();
  ({ client } = await lab.start("apply"));
  dev = await devStack();
  await applied(client, dev);
});

test.after.always(async () => {
  await lab?.close();
});

test("changed hardware of a simulated node reaches its status", async (t) => {
  const capacity = { cpu: "96", memory: "1152Gi", pods: "110", "nvidia.com/gpu": "4" };
  const smaller = replaced(dev, "Node", "local-gpu-2", (body) => ({
    ...body,
    status: { capacity, allocatable: capacity },
  }));
  const result = await applied(client, smaller);
  t.deepEqual(result.steps, [`changed Node local-gpu-2 (${position(dev, "Node", "local-gpu-2")})`]);
  const node = await get(client, "/api/v1/nodes/local-gpu-2");
  t.is(at(node, "status", "allocatable", "nvidia.com/gpu"), "4");
  t.is((await applied(client, dev)).changed, 1);
});

test("a field that somebody else set is a conflict, known before anything is changed", async (t) => {
  const place = "/apis/apps/v1/namespaces/inference/deployments/llama-3-70b";
  await client.send("PATCH", place, {
    query: { fieldManager: "somebody" },
    body: { spec: { replicas: 2 } },
    contentType: "application/merge-patch+json",
  });
  const more = { ...dev, planned: [planned("ConfigMap", "new"), ...dev.planned] };
  await t.throwsAsync(applied(client, more), {
    message:
      "nothing was changed; the cluster would refuse\n" +
      '  Deployment inference/llama-3-70b: .spec.replicas is set by "somebody"; let that manager give the field up or take it out of the ' +
      "stack, or take it over with --force-conflicts",
  });
  t.is((await client.send("GET", "/api/v1/namespaces/default/configmaps/new")).status, 404);
  const forced = await applied(client, dev, { forceConflicts: true });
  t.deepEqual(forced.steps, [
    `changed Deployment inference/llama-3-70b (${position(dev, "Deployment", "llama-3-70b")})`,
  ]);
});

test("a host that has not joined is named, and a joined one is patched and given back", async (t) => {
  const labels = (name: string) =>
    planned(
      "Node",
      name,
      { metadata: { name, labels: { rack: "r1" } } },
      { patch: true, namespace: undefined },
    );
  await t.throwsAsync(applied(client, { ...dev, planned: [...dev.planned, labels("gpu-9")] }), {
    message:
      `nothing was changed; 1 of ${dev.planned.length + 1} objects cannot be applied\n` +
      "  Node gpu-9: host gpu-9 has not joined the cluster; join it, or remove it from the inventory in the stack file",
  });
  const host = { apiVersion: "v1", kind: "Node", metadata: { name: "host-1" } };
  await client.send("PATCH", "/api/v1/nodes/host-1", {
    body: host,
    query: { fieldManager: "kubelet" },
    contentType: "application/apply-patch+yaml",
  });
  t.is((await applied(client, { ...dev, planned: [...dev.planned, labels("host-1")] })).changed, 1);
  const patched = await get(client, "/api/v1/nodes/host-1");
  t.is(at(patched, "metadata", "labels", "rack"), "r1");
  t.is((await applied(client, dev)).pruned, 1);
  const back = await get(client, "/api/v1/nodes/host-1");
  t.is(at(back, "metadata", "labels", "rack"), undefined);
  await client.send("DELETE", "/api/v1/nodes/host-1");
});

test("a kind that the cluster does not know is named before anything is changed", async (t) => {
  const odd = planned("Odd", "one", {}, { apiVersion: "example.com/v1" });
  await t.throwsAsync(applied(client, { ...dev, planned: [...dev.planned, odd] }), {
    message:
      `nothing was changed; 1 of ${dev.planned.length + 1} objects cannot be applied\n` +
      "  Odd default/one: the cluster knows no kind Odd of example.com/v1; install its definition first",
  });
});

test("a definition and an object of its kind are applied in one run", async (t) => {
  const definition = planned(
    "CustomResourceDefinition",
    "odds.example.com",
    {
      spec: {
        group: "example.com",
        scope: "Cluster",
        names: { plural: "odds", kind: "Odd" },
        versions: [
          {
            name: "v1",
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: "object" } },
          },
        ],
      },
    },
    { apiVersion: "apiextensions.k8s.io/v1", namespace: undefined },
  );
  const odd = planned("Odd", "one", {}, { apiVersion: "example.com/v1" });
  const both = { planned: [definition, odd], random: new Map() };
  const result = await applied(client, { ...dev, ...both }, { stack: "odd" });
  t.is(result.created, 2);
  t.is((await applied(client, { ...dev, ...both }, { stack: "odd" })).unchanged, 2);
  const removed = await removeStack({
    client,
    stack: "odd",
    yes: true,
    timeoutSeconds: 30,
    progress: silentProgress,
  });
  t.deepEqual(removed, { removed: 2, kept: [] });
});

test("a value inside longer text is kept by this tool, and the same the next time", async (t) => {
  const marked = { url: "u:{{random:llama-3-70b-api-key}}@db" };
  const stack = {
    ...dev,
    planned: [planned("ConfigMap", "url", { data: marked })],
    random: new Map([...dev.random].filter(([name]) => name === "llama-3-70b-api-key")),
  };
  const value = async () =>
    textAt(await get(client, "/api/v1/namespaces/default/configmaps/url"), "data", "url");
  await applied(client, stack, { stack: "url" });
  const first = await value();
  t.regex(first, /^u:[A-Za-z0-9]{48}@db$/);
  t.is((await applied(client, stack, { stack: "url" })).unchanged, 1);
  t.is(await value(), first);
  await removeStack({
    client,
    stack: "url",
    yes: true,
    timeoutSeconds: 30,
    progress: silentProgress,
  });
  t.is(
    (await client.send("GET", "/api/v1/namespaces/kube-system/secrets/private-llm-random-url"))
      .status,
    404,
  );
});

test("a key that cannot be read back is an error, never a new key", async (t) => {
  const before = await get(client, apiKey);
  const setKey = (text: Value | undefined) =>
    client.send("PATCH", apiKey, {
      body: { data: { "api-key": text } },
      contentType: "application/merge-patch+json",
    });
  await setKey("");
  await t.throwsAsync(applied(client, dev, { forceConflicts: true }), {
    message:
      "Secret inference/llama-3-70b-api-key: key api-key is there and cannot be read back; restore it, or delete the key to have a " +
      "new value made, which every client then needs",
  });
  t.is(at(await get(client, apiKey), "data", "api-key"), "");
  await setKey(at(before, "data", "api-key"));
});

test("what the server says of a refused object never shows a secret", async (t) => {
  const bad = replaced(dev, "Deployment", "llama-3-70b", (body) => ({
    ...body,
    metadata: {
      ...record(body["metadata"]),
      labels: { key: "bad value {{random:llama-3-70b-api-key}}" },
    },
  }));
  const error = await t.throwsAsync(applied(client, bad));
  t.regex(error.message, /Invalid value: "bad value \[secret\]"/);
  t.false(error.message.includes(await keyOf(client)));
});

test("another cluster gets another key, and an interrupted run there is completed", async (t) => {
  t.timeout(5 * 60_000);
  const other = await lab.start("other");
  const controller = new AbortController();
  const steps: string[] = [];
  const secret = "created Secret inference/llama-3-70b-api-key";
  const progress = {
    tick: () => {},
    step: (text: string) => {
      steps.push(text);
      if (text.includes(secret)) controller.abort();
    },
  };
  await t.throwsAsync(applied(other.client, dev, { progress, signal: controller.signal }), {
    message: "interrupted; the same command completes the work",
  });
  t.is(steps.at(-1), `${secret} (${position(dev, "Secret", "llama-3-70b-api-key")})`);
  const key = await keyOf(other.client);
  const { created, unchanged } = await applied(other.client, dev);
  t.deepEqual(
    { created, unchanged },
    { created: dev.planned.length - steps.length, unchanged: steps.length },
  );
  t.is(await keyOf(other.client), key);
  t.not(key, await keyOf(client));
  t.regex(key, /^[A-Za-z0-9]{48}$/);
});

test("the Pulumi CLI and server-side apply do not take a stack from each other", async (t) => {
  await client.send("PATCH", "/api/v1/namespaces/default/configmaps/mixed", {
    body: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "mixed" }, data: { a: "1" } },
    query: { fieldManager: "pulumi-kubernetes-1a2b3c4d" },
    contentType: "application/apply-patch+yaml",
  });
  const mixed = { ...dev, random: new Map(), planned: [planned("ConfigMap", "mixed")] };
  await t.throwsAsync(applied(client, mixed, { stack: "mixed" }), {
    message:
      "nothing was changed; 1 of 1 objects cannot be applied\n" +
      "  ConfigMap default/mixed: was made by the Pulumi CLI; go on with --engine pulumi, and do not mix the two",
  });
  await t.notThrowsAsync(refuseMixing(client, "mixed"));
  await t.throwsAsync(refuseMixing(client, "dev"), {
    message:
      `stack dev was applied to ${client.server} by server-side apply (ConfigMap kube-system/private-llm-inventory-dev); ` +
      "go on with --engine ssa, or run down first and then up with the Pulumi CLI",
  });
});
