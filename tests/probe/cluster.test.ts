import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import test from "ava";
import type { KubeClient } from "../../deploy/api/client.ts";
import { type DeployableStack, deployableStack } from "../../deploy/stack.ts";
import { at, list, text } from "../components/lib/look.ts";
import {
  applied,
  get,
  inference,
  items,
  type Laboratory,
  laboratory,
} from "../deploy/support/real-cluster.ts";
import { stackWithProbe } from "./support/stack.ts";

// The probe in a real control plane: admission, controllers of Jobs, endpoints and budgets are Kubernetes'
// own. Containers are simulated, so nothing here says what a probe would find.
let lab: Laboratory;
let client: KubeClient;
let stack: DeployableStack;

const budget = "/apis/policy/v1/namespaces/inference/poddisruptionbudgets/llama-3-70b";
const slices = "/apis/discovery.k8s.io/v1/namespaces/inference/endpointslices";
const ofModel = { "app.kubernetes.io/name": "vllm", "app.kubernetes.io/instance": "llama-3-70b" };

test.before(async (t) => {
  t.timeout(30 * 60_000);
  lab = await laboratory();
  ({ client } = await lab.start("probe"));
  stack = await deployableStack("dev", await stackWithProbe(path.join(lab.folder, "stack"), "dev"));
  await applied(client, stack);
});

test.after.always(async () => {
  await lab?.close();
});

/** Asks until an answer is what it should be; fails with the last one. */
async function eventually<T>(ask: () => Promise<T>, good: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const answer = await ask();
    if (good(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`still ${JSON.stringify(answer)}`);
    await sleep(200);
  }
}

function condition(object: unknown, type: string): unknown {
  const all = at(object, "status", "conditions");
  return Array.isArray(all) ? all.find((one) => at(one, "type") === type) : undefined;
}

async function podsOf(namespace: string): Promise<readonly unknown[]> {
  const all = await items(client, `/api/v1/namespaces/${namespace}/pods`);
  return all.filter((pod) => at(pod, "metadata", "ownerReferences", 0, "kind") === "Job");
}

test("restricted namespaces admit the pods of probe and control, and their Jobs come to an end", async (t) => {
  for (const [namespace, count] of [
    ["inference", 2],
    ["egress-probe-control", 1],
  ] as const) {
    const jobs = `/apis/batch/v1/namespaces/${namespace}/jobs`;
    const done = await eventually(
      () => items(client, jobs),
      (all) => all.every((job) => at(condition(job, "Complete"), "status") === "True"),
    );
    t.is(done.length, count);
    t.is((await podsOf(namespace)).length, count);
  }
});

test("the budget of the model still allows an eviction beside a probe with the same labels", async (t) => {
  const twins = (await podsOf("inference")).filter((pod) =>
    Object.entries(ofModel).every(([key, value]) => at(pod, "metadata", "labels", key) === value),
  );
  t.is(twins.length, 1);
  const allowed = await eventually(
    () => get(client, budget),
    (object) => at(condition(object, "DisruptionAllowed"), "status") === "True",
  );
  t.is(at(allowed, "status", "expectedPods"), 1);
  t.teardown(async () => {
    await applied(client, stack, { forceConflicts: true });
  });
  // What would happen without the expression that leaves pods of Jobs out.
  await client.send("PATCH", budget, {
    body: { spec: { selector: { matchExpressions: null } } },
    contentType: "application/merge-patch+json",
  });
  const broken = await eventually(
    () => get(client, budget),
    (object) => at(condition(object, "DisruptionAllowed"), "reason") === "SyncFailed",
  );
  t.is(at(broken, "status", "disruptionsAllowed"), 0);
});

test("the model's Service sends nothing to a probe, be it ready or not", async (t) => {
  const job = stack.planned.find(
    ({ kind, name }) => kind === "Job" && name.startsWith("egress-probe-model-"),
  );
  // A pod of its own keeps running here, which a simulated pod of a Job does not.
  const template = at(job?.body, "spec", "template");
  const { status } = await client.send("PATCH", `${inference}/pods/twin`, {
    query: { fieldManager: "test" },
    contentType: "application/apply-patch+yaml",
    body: {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "twin", labels: at(template, "metadata", "labels") },
      spec: at(template, "spec"),
    },
  });
  t.is(status, 201);
  t.teardown(async () => {
    await client.send("DELETE", `${inference}/pods/twin`);
  });
  const running = await eventually(
    () => get(client, `${inference}/pods/twin`),
    (pod) => at(pod, "status", "phase") === "Running",
  );
  const address = text(running, "status", "podIP");
  // The simulation calls every pod ready, its gate included: the missing port alone must hold.
  t.is(at(condition(running, "Ready"), "status"), "True");
  await eventually(
    () => endpointsOf(address),
    (all) => all.length > 0 && all.every(({ ports }) => ports === 0),
  );
  // On a real node nobody sets the condition of the gate, and the kubelet says so.
  await client.send("PATCH", `${inference}/pods/twin/status`, {
    body: { status: { conditions: [{ type: "Ready", status: "False" }] } },
    contentType: "application/strategic-merge-patch+json",
  });
  const unready = await eventually(
    () => endpointsOf(address),
    (all) => all.length > 0 && all.every(({ ready }) => !ready),
  );
  t.true(unready.every(({ ports }) => ports === 0));
});

interface Listed {
  readonly ready: boolean;
  /** Ports that the slice offers for its addresses. */
  readonly ports: number;
}

/** Where an address stands in the endpoint slices of the namespace. */
async function endpointsOf(address: string): Promise<readonly Listed[]> {
  return (await items(client, slices)).flatMap((slice) => {
    const all = at(slice, "endpoints");
    const ports = at(slice, "ports");
    return (Array.isArray(all) ? list(all) : [])
      .filter((one) => at(one, "addresses", 0) === address)
      .map((one) => ({
        ready: at(one, "conditions", "ready") === true,
        ports: Array.isArray(ports) ? ports.length : 0,
      }));
  });
}
