import { isKind } from "../../kubernetes/api-groups.ts";
import { describe, type KubeObject } from "../../model/kube-object.ts";
import type { CniProfile } from "../profiles.ts";
import type { AnalysisError } from "../result.ts";
import { type ForeignPolicy, foreignPolicy } from "./foreign-policies.ts";
import { type Namespaces, readNamespaces } from "./namespaces.ts";
import { type NetworkPolicy, readNetworkPolicy } from "./network-policy.ts";
import { readServices, type Services } from "./services.ts";
import type { Fault } from "./shape.ts";
import { readTierPolicy, type TierPolicy, tierDialect } from "./tier-policy.ts";
import { patchFaults, withPatches } from "./workload-patches.ts";
import { readWorkload, type Workload } from "./workloads.ts";

/** Everything that decides where packets may go, read once. */
export interface Model {
  readonly namespaces: Namespaces;
  readonly workloads: readonly Workload[];
  readonly policies: readonly NetworkPolicy[];
  readonly foreign: readonly ForeignPolicy[];
  /** Tier policies as they are written. */
  readonly stated: readonly TierPolicy[];
  /** The same as far as the network plugin enforces them. */
  readonly tiers: readonly TierPolicy[];
  readonly services: Services;
  readonly faults: readonly ObjectFault[];
  readonly warnings: readonly AnalysisError[];
}

/** Something that cannot be read, or that an API server would refuse. */
export interface ObjectFault extends Fault {
  readonly object: KubeObject;
}

export function readModel(objects: readonly KubeObject[], profile: CniProfile): Model {
  const namespaces = readNamespaces(objects);
  const workloads = withPatches(
    objects.map(readWorkload).filter((each) => each !== undefined),
    objects,
  );
  const policies = objects
    .filter((object) => isKind(object, "NetworkPolicy") && foreignPolicy(object) === undefined)
    .map(readNetworkPolicy);
  const foreign = objects.map(foreignPolicy).filter((each) => each !== undefined);
  const tiers = objects.flatMap((object) => {
    const dialect = tierDialect(object);
    return dialect === undefined ? [] : [readTierPolicy(object, dialect)];
  });
  const services = readServices(objects);
  const read = [...workloads, ...policies, ...tiers, ...services.all];
  return {
    namespaces,
    workloads,
    policies,
    foreign,
    stated: tiers,
    tiers: tiers.map((policy) => asEnforced(policy, profile)),
    services,
    faults: [
      ...namespaces.faults,
      ...patchFaults(objects),
      ...read.flatMap(({ object, faults }) => faults.map((fault) => ({ object, ...fault }))),
      ...foreign.map(({ object, path, reason }) => ({ object, path, reason })),
    ],
    warnings: distinct([
      ...policies.flatMap(namedPortsTowardAddresses),
      ...tiers.flatMap(namedTierPortsTowardAddresses),
      ...tiers
        .filter((policy) => !isEnforced(policy, profile))
        .map((policy) => notEnforced(policy, profile)),
      ...ties(tiers),
    ]),
  };
}

/** Faults as a report shows them. */
export function errorsOf(faults: readonly ObjectFault[]): readonly AnalysisError[] {
  return distinct(
    faults.map(({ object, path, reason }) => ({ object: describe(object), path, reason })),
  );
}

/** One unreadable place is met on several ways through one object. */
function distinct(errors: readonly AnalysisError[]): readonly AnalysisError[] {
  const byText = new Map(
    errors.map((each) => [`${each.object}\n${each.path}\n${each.reason}`, each]),
  );
  return [...byText].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}

function isEnforced({ object }: TierPolicy, { tiers }: CniProfile): boolean {
  return tiers.some((kind) => kind === object.kind);
}

/** What a plugin does not know holds nothing back; that it allows nothing either is not relied on. */
function asEnforced(policy: TierPolicy, profile: CniProfile): TierPolicy {
  if (isEnforced(policy, profile)) return policy;
  const accepting = (rules: TierPolicy["egress"]) =>
    rules.filter(({ action }) => action === "Accept");
  return { ...policy, egress: accepting(policy.egress), ingress: accepting(policy.ingress) };
}

function notEnforced(policy: TierPolicy, profile: CniProfile): AnalysisError {
  const reason = `is not enforced under the profile "${profile.name}", so that it denies nothing`;
  return { object: policy.title, path: "", reason };
}

/** By the specification a name finds no port of an address; plugins differ. */
function namedPortsTowardAddresses({ title, egress }: NetworkPolicy): readonly AnalysisError[] {
  if (egress.kind !== "rules") return [];
  return egress.rules.flatMap(({ peers, named }) => {
    const toAddresses = peers === "all" || peers.some(({ kind }) => kind === "addresses");
    if (!toAddresses) return [];
    return named.map(({ name, path }) => ({
      object: title,
      path,
      reason: `"${name}" is a name, which matches no port of an address by the specification; plugins differ`,
    }));
  });
}

function namedTierPortsTowardAddresses({ object, egress }: TierPolicy): readonly AnalysisError[] {
  return egress
    .filter(({ peers, named }) => named.length > 0 && peers.some(({ kind }) => kind !== "pods"))
    .map(({ path, named }) => ({
      object: describe(object),
      path,
      reason: `"${named.join('", "')}" is a name, which matches no port of an address; plugins differ`,
    }));
}

/** Policies of one tier and one priority come in no certain order. */
function ties(tiers: readonly TierPolicy[]): readonly AnalysisError[] {
  const equals = Map.groupBy(tiers, ({ tier, priority }) => `${tier} ${priority}`);
  return [...equals.values()]
    .filter((group) => group.length > 1)
    .flatMap((group) =>
      group.map(({ title, priority }) => {
        const others = group.filter((other) => other.title !== title).map((other) => other.title);
        const reason = `${priority} is also the priority of ${others.join(", ")}, so that their order is not defined`;
        return { object: title, path: "spec.priority", reason };
      }),
    );
}
