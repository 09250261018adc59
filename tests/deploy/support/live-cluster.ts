import { readFile, writeFile } from "node:fs/promises";
import * as path from "node:path";
import type { ExecutionContext } from "ava";
import { parse } from "yaml";
import { at, type Value } from "../../../policies/model/value.ts";
import { kubectl } from "../../cluster/support/clusters.ts";
import { temporaryFolder } from "../../support/temporary.ts";

/** Makes objects as a person would, and removes them when the test ends. */
export async function created(
  t: ExecutionContext,
  kubeconfig: string,
  ...objects: readonly object[]
): Promise<void> {
  const { code, out } = await kubectl(kubeconfig, ["create", "-f", "-"], list(objects));
  t.is(code, 0, out);
  t.teardown(() => removed(kubeconfig, ...objects));
}

/** Whether the cluster takes an object. */
export async function creates(kubeconfig: string, object: object): Promise<boolean> {
  return (await kubectl(kubeconfig, ["create", "-f", "-"], list([object]))).code === 0;
}

export async function removed(kubeconfig: string, ...objects: readonly object[]): Promise<void> {
  const args = ["delete", "--force", "--grace-period=0", "--ignore-not-found", "-f", "-"];
  await kubectl(kubeconfig, args, list(objects));
}

function list(items: readonly object[]): string {
  return JSON.stringify({ apiVersion: "v1", kind: "List", items });
}

/** Options that make `check` a service account with these rights alone. */
export async function as(
  t: ExecutionContext,
  kubeconfig: string,
  name: string,
  rules: readonly object[],
): Promise<string[]> {
  const metadata = { name: `live-${name}` };
  const account = { kind: "ServiceAccount", name: metadata.name, namespace: "default" };
  const rbac = "rbac.authorization.k8s.io";
  await created(
    t,
    kubeconfig,
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { ...metadata, namespace: "default" } },
    { apiVersion: `${rbac}/v1`, kind: "ClusterRole", metadata, rules },
    {
      apiVersion: `${rbac}/v1`,
      kind: "ClusterRoleBinding",
      metadata,
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name: metadata.name },
      subjects: [account],
    },
  );
  const { out: token } = await kubectl(kubeconfig, ["create", "token", metadata.name]);
  const config: Value = parse(await readFile(kubeconfig, "utf8"));
  const cluster = at(config, "clusters", 0, "cluster");
  const context = "private-llm-dev";
  const file = path.join(await temporaryFolder(t), "kubeconfig");
  await writeFile(
    file,
    JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      "current-context": context,
      contexts: [{ name: context, context: { cluster: "c", user: "u" } }],
      clusters: [{ name: "c", cluster }],
      users: [{ name: "u", user: { token } }],
    }),
  );
  return ["--kubeconfig", file];
}
