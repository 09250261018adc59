import { createHash } from "node:crypto";
import { clientHeader } from "../names.ts";

/** A client's key, and whom it stands for as `CLASS/TEAM`. */
export interface ClientKey {
  readonly key: string;
  readonly client: string;
}

/** The keys file of a proxy that clients call. */
export function keysResource(credentials: readonly ClientKey[]): string {
  const hash = (client: string) =>
    createHash("sha256")
      .update(client.split("/")[1] ?? "")
      .digest("hex")
      .slice(0, 12);
  const resource = {
    "@type": "type.googleapis.com/envoy.config.core.v3.TypedExtensionConfig",
    name: "client-keys",
    typed_config: {
      "@type": "type.googleapis.com/envoy.extensions.filters.http.api_key_auth.v3.ApiKeyAuth",
      credentials: credentials.map(({ key, client }) => ({
        key,
        client: `${client}/${hash(client)}`,
      })),
      key_sources: [{ header: "authorization" }],
      forwarding: { header: clientHeader, hide_credentials: true },
    },
  };
  return `${JSON.stringify({ resources: [resource] }, null, 2)}\n`;
}
