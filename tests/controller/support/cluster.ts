import { desiredConfigMap, desiredKey } from "../../../components/gateway/names.ts";
import type { Desired } from "../../../components/lib/migration/desired.ts";
import type { KubeClient } from "../../../deploy/api/client.ts";

/** Namespaces and desired routes, as a stack would have made them. */
export async function prepare(client: KubeClient): Promise<void> {
  for (const name of ["gateway", "inference"]) {
    await make(client, "/api/v1/namespaces", {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name },
    });
  }
}

export async function make(client: KubeClient, place: string, body: unknown): Promise<void> {
  const { status, body: said } = await client.send("POST", place, { body });
  if (status !== 201) throw new Error(`HTTP ${status}: ${JSON.stringify(said)}`);
}

export function deploy(client: KubeClient, desired: Desired): Promise<void> {
  return deployText(client, JSON.stringify(desired));
}

export async function deployText(client: KubeClient, text: string): Promise<void> {
  const place = `/api/v1/namespaces/gateway/configmaps/${desiredConfigMap}`;
  const { status } = await client.send("PATCH", place, {
    contentType: "application/apply-patch+yaml",
    query: { fieldManager: "test", force: "true" },
    body: {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: desiredConfigMap, namespace: "gateway" },
      data: { [desiredKey]: text },
    },
  });
  if (status >= 300) throw new Error(`HTTP ${status}`);
}

/** Polls until the answer is the wanted one; returns the last answer either way. */
export async function until(look: () => Promise<string>, wanted: string): Promise<string> {
  let answer = await look();
  for (let tries = 0; tries < 100 && answer !== wanted; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    answer = await look();
  }
  return answer;
}
