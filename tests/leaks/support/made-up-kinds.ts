import { setTimeout as sleep } from "node:timers/promises";
import type { KubeClient } from "../../../deploy/api/client.ts";
import { Kinds } from "../../../deploy/api/kinds.ts";
import type { KubeObject } from "../../../policies/model/kube-object.ts";
import type { ValueObject } from "../../../policies/model/value.ts";
import { apply } from "./site.ts";

/**
 * Makes the kinds of these objects known to the API server, with any content: admission policies ask for
 * group and kind of what its own definition would describe. Whether that would take the object is not tried.
 */
export async function serveAny(client: KubeClient, objects: readonly KubeObject[]): Promise<void> {
  for (const object of objects) {
    if (await isServed(client, object)) continue;
    await apply(client, definition(object));
    for (let tries = 0; !(await isServed(client, object)); tries++) {
      if (tries > 100) throw new Error(`${object.kind} was never served`);
      await sleep(100);
    }
  }
}

/** What is served is read anew each time, since it changes here. */
async function isServed(client: KubeClient, { apiVersion, kind }: KubeObject): Promise<boolean> {
  return (await new Kinds(client).find(apiVersion, kind.replace(/Patch$/, ""))) !== undefined;
}

function definition({ apiVersion, kind, namespace }: KubeObject): ValueObject {
  const [group = "", name = ""] = apiVersion.split("/");
  const singular = kind.toLowerCase();
  const plural = singular.endsWith("y") ? `${singular.slice(0, -1)}ies` : `${singular}s`;
  const openAPIV3Schema = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
      name: `${plural}.${group}`,
      // Groups of Kubernetes itself are only taken with a word about their review.
      annotations: { "api-approved.kubernetes.io": "unapproved, made up for a test" },
    },
    spec: {
      group,
      scope: namespace === undefined ? "Cluster" : "Namespaced",
      names: { kind, plural, singular, listKind: `${kind}List` },
      versions: [{ name, served: true, storage: true, schema: { openAPIV3Schema } }],
    },
  };
}
