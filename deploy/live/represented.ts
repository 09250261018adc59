import { podTemplate } from "../../policies/kubernetes/pod-templates.ts";
import { at } from "../../policies/model/value.ts";
import type { Found } from "./found.ts";
import type { Owners } from "./owners.ts";
import { templateDifferences } from "./template-differences.ts";

/** An object that is not what its owner says, so that it is judged by itself. */
export interface Differing {
  readonly found: Found;
  readonly owner: Found;
  /** Fields that differ, such as `spec.containers`. */
  readonly fields: readonly string[];
}

export interface Representation {
  /** Objects to be judged: none stands for another that is here too. */
  readonly judged: readonly Found[];
  readonly differing: readonly Differing[];
}

/** Kinds whose objects carry on the pod template of their owner. */
const followers = new Set(["Job", "Pod", "ReplicaSet"]);

/** Leaves out what its owner stands for: a pod that is its workload's template, and old revisions at rest. */
export function representation(all: readonly Found[], owners: Owners): Representation {
  const judged: Found[] = [];
  const differing: Differing[] = [];
  for (const found of all) {
    const owner = ownerWithTemplate(found, owners);
    if (owner === undefined) {
      judged.push(found);
      continue;
    }
    const fields = templateDifferences(found.object, owner.object);
    if (fields.length === 0 || isAtRest(found)) continue;
    judged.push(found);
    differing.push({ found, owner, fields });
  }
  return { judged, differing };
}

/** Nothing stands for a pod of a node or of a custom resource, nor for one of a revision that is not judged. */
function ownerWithTemplate(found: Found, owners: Owners): Found | undefined {
  if (!followers.has(found.object.kind)) return undefined;
  const owner = owners.of(found);
  if (owner === undefined || podTemplate(owner.object) === undefined) return undefined;
  return isAtRest(owner) ? undefined : owner;
}

/** A ReplicaSet of an earlier revision, kept for a rollback, runs nothing. */
function isAtRest({ object: { kind, body } }: Found): boolean {
  const running = at(body, "status", "replicas") ?? 0;
  return kind === "ReplicaSet" && at(body, "spec", "replicas") === 0 && running === 0;
}
