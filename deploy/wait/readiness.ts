import { at, isArray, type Value } from "../../policies/model/value.ts";

/** How far an object has come. */
export interface Readiness {
  readonly state: "ready" | "waiting" | "failed";
  /** A few words for a table: "1/1 ready", "Bound"; empty for a kind that is ready by existing. */
  readonly text: string;
}

/** Read by Pulumi too: whoever wrote the object does not want anybody to wait for it. */
const skipAwait = "pulumi.com/skipAwait";

/** Pure: what the status of a live object says. */
export function readiness(kind: string, body: Value): Readiness {
  const said = judged(kind, body);
  const unawaited = at(body, "metadata", "annotations", skipAwait) === "true";
  return unawaited && said.state === "waiting" ? { ...said, state: "ready" } : said;
}

function judged(kind: string, body: Value): Readiness {
  switch (kind) {
    case "Deployment":
      return deployment(body);
    case "StatefulSet":
      return statefulSet(body);
    case "DaemonSet":
      return daemonSet(body);
    case "Job":
      return job(body);
    case "Pod":
      return pod(body);
    case "Node":
      return when(condition(body, "Ready") === "True", "Ready", "not ready");
    case "CustomResourceDefinition":
      return when(condition(body, "Established") === "True", "Established", "not established");
    case "PersistentVolumeClaim":
      return phase(body, ["Bound"], ["Lost"]);
    case "PersistentVolume":
      // Released: its claim is gone, and what becomes of it then is for a person to decide.
      return phase(body, ["Available", "Bound", "Released"], ["Failed"]);
    case "Namespace":
      return phase(body, ["Active"], []);
    default:
      return { state: "ready", text: "" };
  }
}

function deployment(body: Value): Readiness {
  const wanted = number(body, ["spec", "replicas"], 1);
  const updated = number(body, ["status", "updatedReplicas"]);
  const available = number(body, ["status", "availableReplicas"]);
  const total = number(body, ["status", "replicas"]);
  const rolled = updated >= wanted && total <= updated && available >= wanted;
  const text = `${Math.min(updated, available)}/${wanted} ready`;
  return when(observed(body) && rolled, text, text);
}

function statefulSet(body: Value): Readiness {
  const wanted = number(body, ["spec", "replicas"], 1);
  const ready = number(body, ["status", "readyReplicas"]);
  const partition = number(body, ["spec", "updateStrategy", "rollingUpdate", "partition"]);
  const updated = number(body, ["status", "updatedReplicas"]);
  const manual = at(body, "spec", "updateStrategy", "type") === "OnDelete";
  const rolled = manual || updated >= wanted - partition;
  return when(
    observed(body) && rolled && ready >= wanted,
    `${ready}/${wanted} ready`,
    `${ready}/${wanted} ready`,
  );
}

function daemonSet(body: Value): Readiness {
  const wanted = number(body, ["status", "desiredNumberScheduled"]);
  const updated = number(body, ["status", "updatedNumberScheduled"]);
  const available = number(body, ["status", "numberAvailable"]);
  const manual = at(body, "spec", "updateStrategy", "type") === "OnDelete";
  const rolled = manual || updated >= wanted;
  return when(
    observed(body) && rolled && available >= wanted,
    `${available}/${wanted} ready`,
    `${available}/${wanted} ready`,
  );
}

function job(body: Value): Readiness {
  if (condition(body, "Failed") === "True") return { state: "failed", text: "failed" };
  if (at(body, "spec", "suspend") === true) return { state: "ready", text: "suspended" };
  return when(condition(body, "Complete") === "True", "complete", "running");
}

function pod(body: Value): Readiness {
  const seen = phase(body, ["Succeeded"], ["Failed"]);
  return condition(body, "Ready") === "True" ? { state: "ready", text: "ready" } : seen;
}

function phase(body: Value, good: readonly string[], bad: readonly string[]): Readiness {
  const seen = at(body, "status", "phase");
  const text = typeof seen === "string" ? seen : "no phase yet";
  if (bad.includes(text)) return { state: "failed", text };
  return when(good.includes(text), text, text);
}

/** Whether the controller has seen the newest version of the object. */
function observed(body: Value): boolean {
  return number(body, ["status", "observedGeneration"]) >= number(body, ["metadata", "generation"]);
}

/** Status of a condition: "True", "False", "Unknown", or `undefined` where there is none. */
export function condition(body: Value, type: string): Value | undefined {
  return at(
    conditions(body).find((one) => at(one, "type") === type),
    "status",
  );
}

export function conditions(body: Value): readonly Value[] {
  const all = at(body, "status", "conditions");
  return isArray(all) ? all : [];
}

function number(body: Value, path: readonly string[], absent = 0): number {
  const value = at(body, ...path);
  return typeof value === "number" ? value : absent;
}

function when(ready: boolean, then: string, otherwise: string): Readiness {
  return ready ? { state: "ready", text: then } : { state: "waiting", text: otherwise };
}
