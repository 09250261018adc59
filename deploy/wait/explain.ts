import { at, isArray, isObject, type Value } from "../../policies/model/value.ts";
import type { KubeClient } from "../api/client.ts";
import type { InventoryEntry } from "../inventory.ts";
import { conditions } from "./readiness.ts";

const workloads: ReadonlySet<string> = new Set(["Deployment", "StatefulSet", "DaemonSet", "Job"]);

/** Enough to see the pattern; ten pods that wait for the same thing are one reason. */
const shown = 3;

/**
 * Why an object is not ready, in the words of the scheduler, the kubelet and the controllers.
 * A question that the server does not answer gives no reason, never an error: it would hide the first one.
 */
export async function explain(
  client: KubeClient,
  entry: InventoryEntry,
  body: Value,
): Promise<string[]> {
  const reasons = conditions(body).flatMap(conditionReason);
  const pods = workloads.has(entry.kind) ? await podsOf(client, entry, body) : [];
  const events = await warnings(client, entry);
  const all = [...grouped(pods), ...reasons, ...events];
  return [...new Set(all)].slice(0, shown);
}

/** Conditions that say no, or that report a failure. */
function conditionReason(condition: Value): string[] {
  const [type, status, message] = ["type", "status", "message"].map((key) => at(condition, key));
  const bad = type === "ReplicaFailure" || type === "Failed" ? "True" : "False";
  return typeof message === "string" && message !== "" && status === bad ? [message] : [];
}

async function podsOf(
  client: KubeClient,
  entry: InventoryEntry,
  body: Value,
): Promise<readonly Value[]> {
  const labels = at(body, "spec", "selector", "matchLabels");
  if (!isObject(labels)) return [];
  const labelSelector = Object.entries(labels)
    .flatMap(([key, value]) => (typeof value === "string" ? [`${key}=${value}`] : []))
    .join(",");
  const answer = await client.send(
    "GET",
    `/api/v1/namespaces/${entry.namespace ?? "default"}/pods`,
    {
      query: { labelSelector },
    },
  );
  const items = at(answer.body, "items");
  return isArray(items) ? items : [];
}

/** What pods wait for, once for all that wait for the same. */
export function grouped(pods: readonly Value[]): string[] {
  const names = new Map<string, string[]>();
  for (const pod of pods) {
    const name = at(pod, "metadata", "name");
    for (const reason of podReasons(pod)) {
      const known = names.get(reason) ?? [];
      names.set(reason, [...known, typeof name === "string" ? name : "?"]);
    }
  }
  return [...names].map(([reason, [first = "?", ...more]]) => {
    const others = more.length === 0 ? "" : ` and ${more.length} more`;
    return `pod ${first}${others}: ${reason}`;
  });
}

/** Where one pod cannot be placed, and what its containers wait for. */
function podReasons(pod: Value): string[] {
  const said = [
    ...conditions(pod)
      .filter((one) => at(one, "type") === "PodScheduled" && at(one, "status") === "False")
      .map((one) => at(one, "message")),
    ...containerStatuses(pod).flatMap((status) => {
      const waiting = at(status, "state", "waiting") ?? at(status, "state", "terminated");
      const reason = at(waiting, "reason");
      if (typeof reason !== "string" || reason === "Completed") return [];
      const message = at(waiting, "message");
      return [typeof message === "string" ? `${reason}: ${message}` : reason];
    }),
  ];
  return said.filter((text) => typeof text === "string");
}

function containerStatuses(pod: Value): readonly Value[] {
  return ["initContainerStatuses", "containerStatuses"].flatMap((key) => {
    const statuses = at(pod, "status", key);
    return isArray(statuses) ? statuses : [];
  });
}

/** The newest warning about the object itself. */
async function warnings(
  client: KubeClient,
  { kind, namespace, name }: InventoryEntry,
): Promise<string[]> {
  const answer = await client.send("GET", `/api/v1/namespaces/${namespace ?? "default"}/events`, {
    query: {
      fieldSelector: `involvedObject.kind=${kind},involvedObject.name=${name},type=Warning`,
    },
  });
  const items = at(answer.body, "items");
  const last = isArray(items) ? items.at(-1) : undefined;
  const text = at(last, "message");
  return typeof text === "string" ? [text] : [];
}
