import { randomBytes } from "node:crypto";
import { certificateSecret, providerKeyField } from "../../components/gateway/names.ts";
import type { KubeClient } from "../api/client.ts";
import { failure } from "../api/failure.ts";

/**
 * Secrets that no stack holds, since a person makes them: the certificate that clients see, and the providers'
 * keys. On the local cluster there is no such person, so they are made here.
 */

const manager = "private-llm-data-plane";

export interface Handmade {
  readonly namespace: string;
  readonly certificate: { readonly certificate: string; readonly key: string };
  /** Secrets of providers; each gets a key that is good for the simulator alone. */
  readonly providerSecrets: readonly string[];
}

/** Makes what is missing, and renews the certificate where it is another one. */
export async function makeSecrets(
  client: KubeClient,
  { namespace, certificate, providerSecrets }: Handmade,
): Promise<void> {
  await apply(client, namespace, certificateSecret, "kubernetes.io/tls", {
    "tls.crt": certificate.certificate,
    "tls.key": certificate.key,
  });
  for (const name of providerSecrets) {
    const { status } = await client.send("GET", `/api/v1/namespaces/${namespace}/secrets/${name}`);
    if (status === 200) continue;
    const key = `simulated-${randomBytes(24).toString("base64url")}`;
    await apply(client, namespace, name, "Opaque", { [providerKeyField]: key });
  }
}

async function apply(
  client: KubeClient,
  namespace: string,
  name: string,
  type: string,
  stringData: Readonly<Record<string, string>>,
): Promise<void> {
  const { status, body } = await client.send(
    "PATCH",
    `/api/v1/namespaces/${namespace}/secrets/${name}`,
    {
      contentType: "application/apply-patch+yaml",
      query: { fieldManager: manager, force: "true" },
      body: {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name, namespace, labels: { "app.kubernetes.io/managed-by": manager } },
        type,
        stringData,
      },
    },
  );
  if (status !== 200 && status !== 201) {
    throw failure(`Secret ${namespace}/${name} cannot be written`, status, body);
  }
}
