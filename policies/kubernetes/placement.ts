import { gpuTaint, poolLabel } from "../../components/lib/gpu-pool.ts";
import { elements, entries, type Field, get, isEmpty, isUnreadable } from "../model/field.ts";

/**
 * Whether a pod can come to lie on a GPU node: it tolerates the taint of the pool, or names its node
 * and so passes the scheduler by. What cannot be read is taken to do so.
 */
export function mayLandOnGpuNode(spec: Field): boolean {
  const pool = get(spec, "nodeSelector", poolLabel);
  if (typeof pool.value === "string" && pool.value !== "gpu" && !isUnreadable(pool)) return false;
  if (get(spec, "nodeName").value !== undefined) return true;
  return elements(get(spec, "tolerations")).some(tolerates);
}

function tolerates(toleration: Field): boolean {
  const [key, operator, effect] = ["key", "operator", "effect"].map((name) =>
    get(toleration, name),
  );
  if (key === undefined || operator === undefined || effect === undefined) return true;
  if ([toleration, key, operator, effect].some(isUnreadable)) return true;
  const all = isNothing(key) && operator.value === "Exists";
  return (
    (all || key.value === gpuTaint.key) && (isNothing(effect) || effect.value === gpuTaint.effect)
  );
}

function isNothing(field: Field): boolean {
  return field.value === undefined || field.value === "";
}

/** Labels that every node has; to select by them sets no nodes apart. */
const commonLabels = /^(?:kubernetes\.io\/(?:os|arch)|beta\.kubernetes\.io\/(?:os|arch))$/;

/** Taints that Kubernetes itself puts on nodes; to tolerate them asks for no pool. */
const commonTaints = /^node(?:-role)?\.kubernetes\.io\/|^node\.cloudprovider\.kubernetes\.io\//;

/** Whether a pod is bound to nodes by a label that not every node has. */
export function isBoundToPool(spec: Field): boolean {
  const labels = entries(get(spec, "nodeSelector")) ?? [];
  if (labels.some(([name, value]) => !commonLabels.test(name) && isText(value))) return true;
  const required = get(
    spec,
    "affinity",
    "nodeAffinity",
    "requiredDuringSchedulingIgnoredDuringExecution",
    "nodeSelectorTerms",
  );
  const terms = elements(required);
  // Terms are alternatives, so each has to name a pool.
  return !isEmpty(required) && terms.every(namesPool);
}

function namesPool(term: Field): boolean {
  return elements(get(term, "matchExpressions")).some((expression) => {
    const key = get(expression, "key").value;
    const operator = get(expression, "operator").value;
    const names =
      operator === "Exists" || (operator === "In" && !isEmpty(get(expression, "values")));
    return typeof key === "string" && !commonLabels.test(key) && names;
  });
}

/** Whether a pod tolerates the taint of a pool by its key; to tolerate everything asks for no pool. */
export function toleratesPool(spec: Field): boolean {
  return elements(get(spec, "tolerations")).some((toleration) => {
    const key = get(toleration, "key").value;
    return typeof key === "string" && key !== "" && !commonTaints.test(key);
  });
}

function isText(field: Field): boolean {
  return typeof field.value === "string" && field.value !== "" && !isUnreadable(field);
}
