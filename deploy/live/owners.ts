import { isBuiltIn } from "../../policies/kubernetes/api-groups.ts";
import type { Found } from "./found.ts";

/** What the controllers of Kubernetes make for an object of each kind. */
const madeFor: Readonly<Record<string, readonly string[]>> = {
  CronJob: ["Job"],
  DaemonSet: ["Pod"],
  Deployment: ["ReplicaSet"],
  Job: ["Pod"],
  Node: ["Pod"],
  Pod: ["PersistentVolumeClaim", "ResourceClaim"],
  ReplicaSet: ["Pod"],
  ReplicationController: ["Pod"],
  Service: ["EndpointSlice"],
  StatefulSet: ["PersistentVolumeClaim", "Pod"],
};

/** Finds the objects that others were made for. */
export interface Owners {
  /** The object that the controller of a kind made this one for; `undefined` where nobody did. */
  of(found: Found): Found | undefined;
}

/** An entry in ownerReferences is a claim: it counts where the owner exists and makes such objects. */
export function ownersAmong(all: readonly Found[]): Owners {
  const byUid = new Map(all.map((found) => [found.uid, found]));
  return {
    of: (found) =>
      found.owners
        .map(({ uid, kind, name }) => {
          const owner = byUid.get(uid);
          return owner?.object.kind === kind && owner.name === name ? owner : undefined;
        })
        .find((owner) => owner !== undefined && owner !== found && makes(owner, found)),
  };
}

function makes(owner: Found, found: Found): boolean {
  // An owner lies in the namespace of what it owns, or in none.
  if (owner.namespace !== undefined && owner.namespace !== found.namespace) return false;
  if (!isBuiltIn(owner.object)) return true;
  const kinds = Object.hasOwn(madeFor, owner.object.kind) ? madeFor[owner.object.kind] : undefined;
  return isBuiltIn(found.object) && kinds?.includes(found.object.kind) === true;
}
