import { groupOf } from "../../kubernetes/api-groups.ts";
import { type Field, get, isEmpty, isUnreadable, rootField } from "../../model/field.ts";
import { describe, type KubeObject } from "../../model/kube-object.ts";
import { type Selector, selectAll } from "./labels.ts";
import { checkMetadata, type Fault, Faults } from "./shape.ts";
import { readPods } from "./tier-pods.ts";
import { readTierRules, type TierDialect, type TierRule } from "./tier-rule.ts";

/** A policy of the tier above or below NetworkPolicy, whichever API version wrote it. */
export interface TierPolicy {
  readonly object: KubeObject;
  readonly title: string;
  readonly tier: "Admin" | "Baseline";
  /** Smaller goes first within a tier. */
  readonly priority: number;
  readonly subject: { readonly namespaces: Selector; readonly pods: Selector };
  readonly egress: readonly TierRule[];
  readonly ingress: readonly TierRule[];
  /** A policy with a fault may accept anything, and denies nothing for certain. */
  readonly faults: readonly Fault[];
}

const group = "policy.networking.k8s.io";

/** ClusterNetworkPolicy came in v0.2.0 of the network policy API, the other two left with v0.1.7. */
const dialects: Readonly<Record<string, TierDialect>> = {
  [`${group}/v1alpha2/ClusterNetworkPolicy`]: "cluster",
  [`${group}/v1alpha1/AdminNetworkPolicy`]: "admin",
  [`${group}/v1alpha1/BaselineAdminNetworkPolicy`]: "baseline",
};

/** The dialect of an object that is a tier policy of a version known here. */
export function tierDialect(object: KubeObject): TierDialect | undefined {
  if (groupOf(object) !== group) return undefined;
  const key = `${object.apiVersion}/${object.kind}`;
  return Object.hasOwn(dialects, key) ? dialects[key] : undefined;
}

const policyFields = new Set(["apiVersion", "kind", "metadata", "spec", "status"]);

const specFields: Readonly<Record<TierDialect, ReadonlySet<string>>> = {
  cluster: new Set(["tier", "priority", "subject", "ingress", "egress"]),
  admin: new Set(["priority", "subject", "ingress", "egress"]),
  baseline: new Set(["subject", "ingress", "egress"]),
};

/** The only name under which a BaselineAdminNetworkPolicy may exist. */
const baselineName = "default";

export function readTierPolicy(object: KubeObject, dialect: TierDialect): TierPolicy {
  const root = rootField(object.body);
  const spec = get(root, "spec");
  const faults = new Faults();
  faults.object(root, policyFields);
  checkMetadata(root, object.resource.source !== undefined, faults);
  faults.object(spec, specFields[dialect]);
  if (isEmpty(spec)) faults.add(spec, "is absent or empty");
  const name = get(root, "metadata", "name");
  if (dialect === "baseline" && name.value !== undefined && name.value !== baselineName) {
    faults.add(name, `must be "${baselineName}"`);
  }
  return {
    object,
    title: describe(object),
    tier: dialect === "cluster" ? readTier(get(spec, "tier"), faults) : tierOf(dialect),
    priority: dialect === "baseline" ? 0 : readPriority(get(spec, "priority"), faults),
    subject: readSubject(get(spec, "subject"), faults),
    egress: readTierRules(get(spec, "egress"), "Egress", dialect, faults),
    ingress: readTierRules(get(spec, "ingress"), "Ingress", dialect, faults),
    faults: faults.all,
  };
}

function tierOf(dialect: "admin" | "baseline"): "Admin" | "Baseline" {
  return dialect === "admin" ? "Admin" : "Baseline";
}

function readTier(field: Field, faults: Faults): "Admin" | "Baseline" {
  const text = faults.text(field);
  if (text === "Admin" || text === "Baseline") return text;
  if (!isUnreadable(field)) faults.add(field, "is neither Admin nor Baseline");
  return "Admin";
}

function readPriority(field: Field, faults: Faults): number {
  if (field.value === undefined) faults.add(field, "is absent");
  return faults.whole(field, 0, 1000) ?? 0;
}

const subjectFields = new Set(["namespaces", "pods"]);

function readSubject(field: Field, faults: Faults): TierPolicy["subject"] {
  faults.object(field, subjectFields);
  return readPods(field, faults) ?? { namespaces: selectAll, pods: selectAll };
}
