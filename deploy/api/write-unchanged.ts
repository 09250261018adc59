import type { KubeClient } from "./client.ts";
import { failure } from "./failure.ts";

/** An object as it is to be; its name and namespace say where. */
export interface WrittenObject {
  readonly apiVersion: "v1";
  readonly kind: "ConfigMap" | "Secret";
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

const collections = { ConfigMap: "configmaps", Secret: "secrets" } as const;

/**
 * Writes an object as long as nobody else has since it was read.
 * @param resourceVersion as it was read; `undefined` where there was no such object
 * @returns false where somebody else came first; read it again and decide anew
 * @throws DeployError where the API server refuses it
 */
export async function writeUnchanged(
  client: Pick<KubeClient, "send">,
  object: WrittenObject,
  resourceVersion: string | undefined,
): Promise<boolean> {
  const { kind, metadata } = object;
  const { name, namespace } = metadata;
  const collection = `/api/v1/namespaces/${namespace}/${collections[kind]}`;
  const { status, body } =
    resourceVersion === undefined
      ? await client.send("POST", collection, { body: object })
      : await client.send("PATCH", `${collection}/${name}`, {
          body: { ...object, metadata: { ...metadata, resourceVersion } },
          contentType: "application/merge-patch+json",
        });
  if (status < 300) return true;
  if (status === 409 || status === 404) return false;
  throw failure(`${kind} ${namespace}/${name} cannot be written`, status, body);
}
