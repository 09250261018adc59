import { setTimeout as sleep } from "node:timers/promises";
import type { PlannedObject } from "../offline/render/plan.ts";
import { fingerprintAnnotation, probeName } from "../policies/admission/witness.ts";
import { at, type Value } from "../policies/model/value.ts";
import type { Progress } from "../tools/cluster/progress.ts";
import type { KubeClient } from "./api/client.ts";
import { asValue } from "./api/kinds.ts";
import { applyObject } from "./api/objects.ts";
import { DeployError, throwIfInterrupted } from "./errors.ts";

/** How to find out whether the admission policies of a plan are in force. */
export interface Witness {
  /** A namespace in which the API server refuses the probe. */
  readonly namespace: string;
  /** What it says in the refusal; another plan has another. */
  readonly fingerprint: string;
}

const admissionKinds: ReadonlySet<string> = new Set([
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
]);

export function isAdmission({ kind }: Pick<PlannedObject, "kind">): boolean {
  return admissionKinds.has(kind);
}

/** `undefined` for a plan without admission policies. */
export function witnessOf(planned: readonly PlannedObject[]): Witness | undefined {
  for (const { kind, body } of planned) {
    if (kind !== "ValidatingAdmissionPolicy") continue;
    const policy = asValue(body);
    const fingerprint = at(policy, "metadata", "annotations", fingerprintAnnotation);
    const selector = at(policy, "spec", "matchConstraints", "namespaceSelector");
    const namespace = at(selector, "matchExpressions", 0, "values", 0);
    if (typeof fingerprint !== "string" || typeof namespace !== "string") continue;
    return { namespace, fingerprint };
  }
  return undefined;
}

export interface InForceOptions {
  readonly client: KubeClient;
  readonly progress: Progress;
  readonly signal: AbortSignal | undefined;
  /** Seconds. @default 30 - an API server takes policies up within about two */
  readonly patience?: number;
}

const interval = 200;

/**
 * Waits until the API server refuses by the policies that were just written; it goes by the old ones for a
 * moment. With several API servers this asks one of them.
 * @throws DeployError where they do not come into force
 */
export async function waitUntilInForce(
  witness: Witness,
  { client, progress, signal, patience = 30 }: InForceOptions,
): Promise<void> {
  const { namespace, fingerprint } = witness;
  const path = `/api/v1/namespaces/${namespace}/configmaps/${probeName}`;
  const probe = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: probeName, namespace } };
  for (const limit = Date.now() + patience * 1000; ; await sleep(interval)) {
    throwIfInterrupted(signal);
    const { body } = await applyObject(client, path, probe, { force: false, dryRun: true });
    const said = at(body, "message");
    if (typeof said === "string" && said.includes(fingerprint)) return;
    if (Date.now() > limit) {
      throw new DeployError(
        `the admission policies are written and not in force after ${patience} s; see that the API server ` +
          "is of version 1.30 or later and what its log says of ValidatingAdmissionPolicy",
        1,
      );
    }
    progress.tick("waiting until the admission policies are in force");
  }
}

/** Names of the admission policy and of the binding by which a request was refused. */
export function refusedBy(body: Value): readonly string[] {
  const said = at(body, "message");
  const match =
    typeof said === "string"
      ? /ValidatingAdmissionPolicy '([^']+)' with binding '([^']+)' denied request/.exec(said)
      : null;
  return match === null ? [] : match.slice(1);
}
