import { KubeConfig } from "@kubernetes/client-node";
import test from "ava";
import { z } from "zod";
import { readKeys } from "../../cli/keys/secret.ts";
import { applyChange } from "../../cli/traffic/change.ts";
import {
  type GatewayObjects,
  readDesiredRoutes,
  readOverride,
  readRecords,
  readStatus,
} from "../../cli/traffic/objects.ts";
import { type RoleName, rulesOf } from "../../components/access/roles.ts";
import { egressPorts } from "../../components/gateway/egress-ports.ts";
import { connectTo, type KubeClient } from "../../deploy/api/client.ts";
import { verifyChain } from "../../migration/verify-chain.ts";
import { type Laboratory, laboratory, textAt } from "../deploy/support/real-cluster.ts";
import { desiredOf, local, outside } from "../migration/support/desired.ts";
import { deploy, make, prepare, until } from "./support/cluster.ts";
import { type ControllerProcess, startController } from "./support/controller.ts";

let lab: Laboratory;
let client: KubeClient;
let kubeconfig: string;
let controller: ControllerProcess;
let objects: GatewayObjects;

test.before(async (t) => {
  t.timeout(30 * 60_000);
  lab = await laboratory();
  ({ client, kubeconfig } = await lab.start("routes"));
  objects = { client, namespace: "gateway" };
  await prepare(client);
  controller = await startController(kubeconfig);
});

test.after.always(async () => {
  await controller?.end("SIGKILL");
  await lab?.close();
});

function page(path: string): Promise<Response> {
  return fetch(`http://127.0.0.1:${controller.healthPort}${path}`);
}

async function discover(kind: "routes" | "endpoints", ...resourceNames: readonly string[]) {
  const response = await fetch(`http://127.0.0.1:${controller.port}/v3/discovery:${kind}`, {
    method: "POST",
    body: JSON.stringify({ resourceNames }),
  });
  return `${response.status} ${await response.text()}`;
}

test("without desired routes it is not healthy, says why, and offers nothing", async (t) => {
  t.is((await page("/healthz")).status, 503);
  t.regex(await discover("routes", "task-classes"), /^503 /);
  const fault = await until(
    async () => (await readStatus(objects))?.desiredFault ?? "",
    "desired routes: is missing",
  );
  t.is(fault, "desired routes: is missing");
});

test("it is healthy as soon as there are some", async (t) => {
  await deploy(client, desiredOf());
  t.is(await until(async () => String((await page("/healthz")).status), "200"), "200");
  t.regex(await discover("routes", "task-classes"), /^200 .*log-analysis/);
});

test("ready pods become endpoints within a moment, and go again", async (t) => {
  const slices = (namespace: string) =>
    `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`;
  const slice = (name: string, service: string, address: string, port: unknown) => ({
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name, labels: { "kubernetes.io/service-name": service } },
    addressType: "IPv4",
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
    ports: [port],
  });
  await make(
    client,
    slices("inference"),
    slice("llama-a", "llama", "10.244.1.5", { name: "http", port: 8000 }),
  );
  await make(
    client,
    slices("gateway"),
    slice("egress-a", "gateway-egress", "10.244.1.6", { name: "x", port: 1 }),
  );
  const has = async (cluster: string, text: string) =>
    String((await discover("endpoints", cluster)).includes(text));
  t.is(await until(() => has(local, '"address":"10.244.1.5","port_value":8000'), "true"), "true");
  t.is(
    await until(
      () =>
        has(outside, `"address":"10.244.1.6","port_value":${egressPorts([outside]).get(outside)}`),
      "true",
    ),
    "true",
  );
  const { status } = await client.send("PATCH", `${slices("inference")}/llama-a`, {
    contentType: "application/merge-patch+json",
    body: { endpoints: [{ addresses: ["10.244.1.5"], conditions: { ready: false } }] },
  });
  t.is(status, 200);
  t.is(await until(() => has(local, "10.244.1.5"), "false"), "false");
});

test("many who change the traffic at once leave one chain and lose no change", async (t) => {
  const shares = [10, 20, 30, 40, 50];
  const plans = await Promise.all(
    shares.map((share) => {
      const weights = { "self-hosted": share, "gpt-4-turbo": 100 - share };
      const request = { action: "set", class: "log-analysis", weights } as const;
      return applyChange(objects, request, `to ${share}`, () => new Date());
    }),
  );
  t.deepEqual(
    plans.map(({ kind }) => kind),
    shares.map(() => "change"),
  );
  const records = await readRecords(objects);
  const { found } = await readOverride(objects);
  if (found.kind !== "read") throw new Error(found.kind);
  t.deepEqual(verifyChain(records, found.override.record), []);
  t.is(found.override.record.sequence, records.length);
  const reasons = new Set(records.map(({ record }) => record?.reason));
  for (const share of shares) t.true(reasons.has(`to ${share}`));
  const state = await until(async () => {
    const override = (await readStatus(objects))?.override;
    return `${override?.state} ${override?.record?.sequence}`;
  }, `in-force ${records.length}`);
  t.is(state, `in-force ${records.length}`);
});

test("an override that somebody writes past the command is void at once", async (t) => {
  const place = "/api/v1/namespaces/gateway/configmaps/gateway-override";
  const { found } = await readOverride(objects);
  if (found.kind !== "read") throw new Error(found.kind);
  const classes = { "log-analysis": { phase: null, weights: { "self-hosted": 100 } } };
  const text = JSON.stringify({ ...found.override, classes });
  await client.send("PATCH", place, {
    contentType: "application/merge-patch+json",
    body: { data: { "override.json": text } },
  });
  const state = await until(async () => (await readStatus(objects))?.override.state ?? "", "void");
  t.is(state, "void");
  const override = (await readStatus(objects))?.override;
  t.regex(override?.state === "void" ? override.reason : "", /something else than its record/);
});

/** The API as an account with a role of this product in the gateway's namespace sees it. */
async function actingAs(role: RoleName): Promise<GatewayObjects> {
  const namespace = "gateway";
  const rbac = "rbac.authorization.k8s.io";
  const metadata = { name: role, namespace };
  const api = `/apis/${rbac}/v1/namespaces/${namespace}`;
  const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  await make(client, accounts, { apiVersion: "v1", kind: "ServiceAccount", metadata });
  const rules = rulesOf(role, "gateway");
  await make(client, `${api}/roles`, { apiVersion: `${rbac}/v1`, kind: "Role", metadata, rules });
  await make(client, `${api}/rolebindings`, {
    apiVersion: `${rbac}/v1`,
    kind: "RoleBinding",
    metadata,
    roleRef: { apiGroup: rbac, kind: "Role", name: role },
    subjects: [{ kind: "ServiceAccount", name: role, namespace }],
  });
  const asked = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} };
  const { body } = await client.send("POST", `${accounts}/${role}/token`, { body: asked });
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new Error("no cluster");
  config.loadFromClusterAndUser(cluster, { name: role, token: textAt(body, "status", "token") });
  return { client: await connectTo(config), namespace };
}

test("the role of an operator is enough for a change, that of a viewer for the status alone", async (t) => {
  const operator = await actingAs("operator");
  const clear = { action: "clear", classes: [] } as const;
  const plan = await applyChange(operator, clear, "by an operator", () => new Date());
  if (plan.kind !== "change") throw new Error(plan.text);
  t.is(plan.record.user, "system:serviceaccount:gateway:operator");
  t.is((await readRecords(operator)).length, plan.record.sequence);
  await t.throwsAsync(() => readKeys(operator), { message: /forbidden/ });
  const viewer = await actingAs("viewer");
  t.is((await readDesiredRoutes(viewer)).classes.length, 4);
  t.not(await readStatus(viewer), undefined);
  await t.throwsAsync(() => applyChange(viewer, clear, "by a viewer", () => new Date()), {
    message: /forbidden/,
  });
});

const line = z.object({ time: z.string(), level: z.string(), message: z.string() });

test("metrics, log and end are as an operator expects them", async (t) => {
  const metrics = await (await page("/metrics")).text();
  t.regex(metrics, /^private_llm_routes_info\{version="[0-9a-f]{16}"\} 1$/m);
  t.regex(metrics, /^private_llm_routes_override\{state="none"\} 1$/m);
  t.regex(metrics, /^private_llm_routes_watch_age_seconds\{watch="configmaps"\} \d+\.\d$/m);
  t.regex(metrics, /^private_llm_routes_events_total\{event="routes-200"\} \d+$/m);
  t.is((await page("/other")).status, 404);
  t.is(await controller.end(), 0);
  for (const one of controller.log) t.notThrows(() => line.parse(JSON.parse(one)), one);
  t.regex(controller.log.at(-1) ?? "", /"ended"/);
});
