import { setTimeout as sleep } from "node:timers/promises";
import type { KubeClient } from "../../../deploy/api/client.ts";
import { asValue, Kinds, objectPath } from "../../../deploy/api/kinds.ts";
import { applyObject } from "../../../deploy/api/objects.ts";
import type { DeployableStack } from "../../../deploy/stack.ts";
import { admissionSet } from "../../../policies/admission/admission-set.ts";
import type { Settings } from "../../../policies/model/settings.ts";
import { at, isObject, type Value } from "../../../policies/model/value.ts";
import { settingsOfStack } from "../../../policies/settings/stack-file.ts";
import { replaced } from "../../deploy/support/real-cluster.ts";
import { largePodContainers, type Sent } from "./objects.ts";

/** What the API server said to a request. */
export interface Said {
  readonly status: number;
  readonly message: string;
}

/** Asks whether an object may be created or changed, and changes nothing. */
export async function ask(client: KubeClient, object: Sent, dryRun = true): Promise<Said> {
  const { status, body } = await applyObject(client, await pathOf(client, object), object, {
    force: true,
    dryRun,
  });
  const message = at(body, "message");
  return { status, message: typeof message === "string" ? message : "" };
}

const kinds = new WeakMap<KubeClient, Kinds>();

async function pathOf(client: KubeClient, { apiVersion, kind, metadata }: Sent): Promise<string> {
  const known = kinds.get(client) ?? new Kinds(client);
  kinds.set(client, known);
  const served = await known.find(apiVersion, kind);
  const { name, namespace } = metadata;
  if (served === undefined || typeof name !== "string") throw new Error(`${kind} is not served`);
  const place = typeof namespace === "string" ? namespace : undefined;
  return objectPath(served, { apiVersion, kind, namespace: place, name });
}

/** Settings of the dev stack with something in every place that a policy reads. */
export function testSettings(): Settings {
  const { settings, fault } = settingsOfStack("dev");
  if (fault !== undefined) throw new Error(fault);
  return {
    ...settings,
    breakGlassGroups: new Set(["test-break-glass"]),
    policies: {
      ...settings.policies,
      containers: ["sidecar", "added", "first", "verify", ...largePodContainers],
      secondaryNetworks: ["inference/storage"],
      privateResolvers: ["10.20.0.53"],
      mediaDomains: ["media.example.internal"],
      allowedEgress: [
        { cidr: "10.20.0.0/16", protocol: "TCP", port: 443, reason: "the site's own store" },
      ],
      exceptions: [
        {
          policy: "W04",
          object: "Deployment inference/excepted",
          reason: "its registry is moved next month",
          owner: "platform",
          expires: "2999-12-31",
        },
      ],
    },
  };
}

/** The stack with the admission policies of other settings. */
export function guardedBy(stack: DeployableStack, settings: Settings): DeployableStack {
  return admissionSet(settings).reduce(
    (made, { policy }) =>
      replaced(made, policy.kind, policy.metadata.name, (body) => ({ ...body, ...plain(policy) })),
    stack,
  );
}

export function plain(value: object): Readonly<Record<string, Value | undefined>> {
  const copy = asValue({ ...value });
  if (!isObject(copy)) throw new Error("only objects are sent");
  return copy;
}

/** Polls until the answer satisfies; fails with the last answer. */
export async function until<T>(
  look: () => Promise<T>,
  satisfies: (answer: T) => boolean,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const answer = await look();
    if (satisfies(answer)) return answer;
    if (attempt === 100) throw new Error(`still ${JSON.stringify(answer)}`);
    await sleep(200);
  }
}
