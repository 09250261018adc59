import type { ValueObject } from "../../policies/model/value.ts";

/**
 * Variants whose pods the namespace's own Pod Security level refuses, with no rule of ours; compared
 * with a real API server.
 */
export const refusedByPodSecurity: readonly string[] = [
  "10/raw-sockets",
  "26/host-port",
  "30/engine",
  "30/nightly-job",
  "31/privileged-init",
  "31/host-processes",
  "31/trace",
  "31/job-may-escalate",
  "32/shared-cache",
  "32/container-socket",
  "35/post-start-request",
];

/** Variants that the product's admission policies refuse, beside those above; compared likewise. */
export const refusedByPolicy: readonly string[] = [];

/**
 * The objects of the product's own admission: ValidatingAdmissionPolicies, their bindings and
 * parameters, as the API server takes them. None are generated yet.
 */
export function admissionObjects(): Promise<readonly ValueObject[]> {
  return Promise.resolve([]);
}
