import test from "ava";
import type { InventoryHost } from "../../components/cluster/bare-metal/inventory.ts";
import {
  type Answer,
  type Call,
  type KubeClient,
  UnreachableError,
} from "../../deploy/api/client.ts";
import { DeployError } from "../../deploy/errors.ts";
import { liveReport } from "../../deploy/live/check.ts";
import { required } from "../../deploy/live/kinds.ts";
import { listAll } from "../../deploy/live/list.ts";
import { readCluster } from "../../deploy/live/read.ts";
import { verdictOf } from "../../offline/report/stack-report.ts";
import { textReport } from "../../offline/report/text.ts";
import type { Value, ValueObject } from "../../policies/model/value.ts";
import { rules } from "../../policies/rules.ts";
import { silentProgress } from "../../tools/cluster/progress.ts";
import { settings } from "../policies/good-graph.ts";

type Handler = (path: string, call: Call) => Answer | undefined;

/** A server that serves every required kind with empty lists, unless the handler answers. */
function server(handler: Handler = () => undefined): KubeClient {
  return {
    server: "https://10.0.0.1:6443",
    send: async (method, path, call = {}) => {
      if (method !== "GET") throw new Error(`${method} ${path}: a live check reads only`);
      return handler(path, call) ?? standard(path);
    },
  };
}

const versions = [...new Set(required.map(({ apiVersion }) => apiVersion))];

function standard(path: string): Answer {
  if (path === "/apis") {
    const groups = versions
      .filter((version) => version !== "v1")
      .map((groupVersion) => ({
        preferredVersion: { groupVersion },
        versions: [{ groupVersion }],
      }));
    return { status: 200, body: { groups } };
  }
  const served = versions.find((version) => [`/api/${version}`, `/apis/${version}`].includes(path));
  if (served === undefined) return { status: 200, body: { items: [] } };
  return { status: 200, body: { resources: kindsOf(served) } };
}

function kindsOf(apiVersion: string): ValueObject[] {
  return required
    .filter((each) => each.apiVersion === apiVersion)
    .map(({ kind }) => ({ name: plural(kind), kind, namespaced: true, verbs: ["get", "list"] }));
}

function plural(kind: string): string {
  return `${kind.toLowerCase()}s`;
}

function items(...names: readonly string[]): readonly Value[] {
  return names.map((name) => ({ metadata: { name, namespace: "inference" } }));
}

const pods = { apiVersion: "v1", kind: "Pod", plural: "pods", namespaced: true };

test("a list is read page by page, with what the server said to continue with", async (t) => {
  const asked: unknown[] = [];
  const client = server((_, { query }) => {
    asked.push(query);
    return query?.["continue"] === "next"
      ? { status: 200, body: { metadata: {}, items: items("c") } }
      : { status: 200, body: { metadata: { continue: "next" }, items: items("a", "b") } };
  });
  t.deepEqual(await listAll(client, pods, 2), { objects: items("a", "b", "c") });
  t.deepEqual(asked, [{ limit: "2" }, { limit: "2", continue: "next" }]);
});

test("a list that expired begins anew, and one that always does is not known", async (t) => {
  let expired = 0;
  const client = server((_, { query }) => {
    if (query?.["continue"] !== undefined && expired++ === 0) return { status: 410, body: {} };
    return query?.["continue"] === undefined
      ? { status: 200, body: { metadata: { continue: "next" }, items: items("a") } }
      : { status: 200, body: { items: items("b") } };
  });
  t.deepEqual(await listAll(client, pods), { objects: items("a", "b") });
  t.deepEqual(
    await listAll(
      server(() => ({ status: 410, body: {} })),
      pods,
    ),
    {
      reason: "its list changed too often to be read as a whole",
    },
  );
});

test("half a list is no list", async (t) => {
  const client = server((_, { query }) =>
    query?.["continue"] === undefined
      ? { status: 200, body: { metadata: { continue: "next" }, items: items("a") } }
      : { status: 500, body: { message: "etcd is gone" } },
  );
  t.deepEqual(await listAll(client, pods), { reason: "etcd is gone" });
});

test("an answer that is no list is not an empty one", async (t) => {
  for (const body of ["<html>", null, {}, { items: "none" }, { items: [1] }] satisfies Value[]) {
    t.true(
      "reason" in
        (await listAll(
          server(() => ({ status: 200, body })),
          pods,
        )),
    );
  }
});

function question(client: KubeClient, hosts: readonly InventoryHost[]) {
  return {
    file: {
      project: "private-llm",
      stack: "prod",
      file: "stacks/Pulumi.prod.yaml",
      values: {},
      config: {},
      secretKeys: [],
      undecidable: [],
    },
    settings,
    hosts,
    target: { context: "private-llm-prod", client },
    today: "2026-11-24",
    readMilliseconds: 0,
  };
}

async function report(client: KubeClient, hosts: readonly InventoryHost[] = []) {
  return liveReport(await readCluster(client, silentProgress), question(client, hosts));
}

test("hosts without a node are told, unless nodes could not be read", async (t) => {
  const host = { name: "gpu-1", address: "10.20.0.11", zone: "room-1", rack: "r1" };
  const hosts: readonly InventoryHost[] = [{ ...host, role: "system" }];
  const told = await report(server(), hosts);
  t.deepEqual(told.live?.drift, ["gpu-1: is in the inventory and no node"]);
  t.regex(
    textReport([told]),
    /Nodes that are not as in the inventory:\n {4}- gpu-1: is in the inventory and no node/,
  );
  const refused = server((path) =>
    path === "/api/v1/nodes" ? { status: 403, body: { message: "no" } } : undefined,
  );
  t.deepEqual((await report(refused, hosts)).live?.drift, []);
});

test("an empty cluster is clean, and every policy ran", async (t) => {
  const made = await report(server());
  t.is(verdictOf(made), "clean");
  t.deepEqual(made.rules, { run: rules.length, defined: rules.length });
});

test("a kind that nobody may list is undecided, with who has to grant what", async (t) => {
  const made = await report(
    server((path) =>
      path === "/api/v1/secrets"
        ? { status: 403, body: { message: 'secrets is forbidden: User "eve" cannot list' } }
        : undefined,
    ),
  );
  t.is(verdictOf(made), "undecided");
  t.deepEqual(made.undecided, [
    {
      subject: "Secret (v1)",
      reason:
        'secrets is forbidden: User "eve" cannot list; grant list on it to whoever runs this check',
    },
  ]);
  t.is(made.rules.run, rules.length);
});

test("without network policies no rule over the whole cluster is asked, so none is found missing", async (t) => {
  const client = server((path) => {
    if (path.endsWith("/networkpolicys")) return { status: 403, body: {} };
    if (path === "/api/v1/namespaces") {
      return { status: 200, body: { items: [{ metadata: { name: "inference" } }] } };
    }
    return undefined;
  });
  const made = await report(client);
  t.deepEqual(made.findings, []);
  t.is(verdictOf(made), "undecided");
  t.true(made.rules.run < made.rules.defined);
  t.regex(textReport([made]), /\d+ policies over the whole cluster: were not run, since/);
});

test("what is certain is a violation, whatever could not be read", async (t) => {
  const client = server((path) => {
    if (path.endsWith("/networkpolicys")) return { status: 403, body: {} };
    const pod = { metadata: { name: "x", namespace: "inference" }, spec: { hostNetwork: true } };
    return path === "/api/v1/pods" ? { status: 200, body: { items: [pod] } } : undefined;
  });
  const made = await report(client);
  t.is(verdictOf(made), "violation");
  t.true(
    made.findings.some(
      ({ object, path }) => object === "Pod inference/x" && path === "spec.hostNetwork",
    ),
  );
});

test("a kind that is not served, a group that does not answer and a lost connection are undecided", async (t) => {
  const missing = await report(
    server((path) =>
      path === "/apis/networking.k8s.io/v1" ? { status: 200, body: { resources: [] } } : undefined,
    ),
  );
  t.deepEqual(
    missing.undecided.slice(0, 2).map(({ subject }) => subject),
    ["Ingress (networking.k8s.io/v1)", "NetworkPolicy (networking.k8s.io/v1)"],
  );
  const silent = await report(
    server((path) => (path === "/apis/apps/v1" ? { status: 503, body: "" } : undefined)),
  );
  t.deepEqual(silent.undecided[0], {
    subject: "every kind of apps/v1",
    reason: "the server answers HTTP 503",
  });
  const lost = await report(
    server((path) => {
      if (path === "/api/v1/pods")
        throw new UnreachableError("https://10.0.0.1:6443", "ECONNRESET");
      return undefined;
    }),
  );
  t.regex(lost.undecided[0]?.reason ?? "", /not reachable from here \(ECONNRESET\)/);
  for (const made of [missing, silent, lost]) t.is(verdictOf(made), "undecided");
});

test("a server that does not say what it serves gives no verdict at all", async (t) => {
  const client = server((path) =>
    path === "/apis" ? { status: 401, body: { message: "Unauthorized" } } : undefined,
  );
  await t.throwsAsync(readCluster(client, silentProgress), { instanceOf: DeployError });
});

test("custom kinds are read in every version that has kinds of its own, each kind once", async (t) => {
  const asked: string[] = [];
  const group = "policy.networking.k8s.io";
  const client = server((path) => {
    asked.push(path);
    const kind = (name: string) => ({ name: plural(name), kind: name, verbs: ["list"] });
    switch (path) {
      case "/apis": {
        const standardGroups = standard(path).body;
        return {
          status: 200,
          body: {
            groups: [
              ...groupsOf(standardGroups),
              {
                preferredVersion: { groupVersion: `${group}/v1alpha2` },
                versions: [
                  { groupVersion: `${group}/v1alpha1` },
                  { groupVersion: `${group}/v1alpha2` },
                ],
              },
            ],
          },
        };
      }
      case `/apis/${group}/v1alpha1`:
        return {
          status: 200,
          body: { resources: [kind("AdminNetworkPolicy"), kind("ClusterNetworkPolicy")] },
        };
      case `/apis/${group}/v1alpha2`:
        return { status: 200, body: { resources: [kind("ClusterNetworkPolicy")] } };
      case `/apis/${group}/v1alpha1/adminnetworkpolicys`: {
        const open = { metadata: { name: "open" }, spec: { egress: [{ action: "Allow" }] } };
        return { status: 200, body: { items: [open] } };
      }
      default:
        return undefined;
    }
  });
  const made = await report(client);
  t.true(
    made.findings.some(
      ({ policy, object, path }) =>
        policy === "C02" &&
        object === "AdminNetworkPolicy open" &&
        path === "spec.egress[0].action",
    ),
  );
  t.false(asked.includes(`/apis/${group}/v1alpha1/clusternetworkpolicys`));
  t.true(asked.includes(`/apis/${group}/v1alpha2/clusternetworkpolicys`));
});

function groupsOf(body: Value): readonly Value[] {
  if (typeof body !== "object" || body === null || !("groups" in body)) return [];
  return Array.isArray(body.groups) ? body.groups : [];
}

test("the text names what nobody made, and cuts a long list short", async (t) => {
  const names = Array.from({ length: 60 }, (_, index) => `c-${String(index).padStart(2, "0")}`);
  const client = server((path) =>
    path === "/api/v1/configmaps" ? { status: 200, body: { items: items(...names) } } : undefined,
  );
  const text = textReport([await report(client)]);
  t.true(text.includes("60 read: 0 made by stacks, 0 by Kubernetes itself, 60 by somebody else"));
  t.true(text.includes("    - ConfigMap inference/c-00 (by somebody unknown)\n"));
  t.true(text.includes("    and 10 more; --format json lists them all"));
});
