import { elements, type Field, get, rootField } from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";

/** The device part of a ResourceClaim or ResourceClaimTemplate. */
export function claimDevices(object: KubeObject): Field {
  const spec = get(rootField(object.body), "spec");
  return get(object.kind === "ResourceClaimTemplate" ? get(spec, "spec") : spec, "devices");
}

/** Requests of a claim; newer versions of the API put their fields one level deeper, or in alternatives. */
export function claimRequests(object: KubeObject): readonly Field[] {
  return elements(get(claimDevices(object), "requests")).flatMap((request) => {
    const exactly = get(request, "exactly");
    const alternatives = get(request, "firstAvailable");
    const found = [...(exactly.value === undefined ? [] : [exactly]), ...elements(alternatives)];
    return found.length === 0 ? [request] : found;
  });
}

/** Where a claim names classes of devices; an absent class reads as absent, not as none. */
export function deviceClassesOf(object: KubeObject): readonly Field[] {
  return claimRequests(object).map((request) => get(request, "deviceClassName"));
}
