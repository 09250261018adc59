import { createHash } from "node:crypto";
import { clientHeader } from "../names.ts";
import { typed } from "./types.ts";

/** A client's key, and whom it stands for as `CLASS/TEAM`. */
export interface ClientKey {
  readonly key: string;
  readonly client: string;
}

/** Filter and resource have to bear the same name. */
export const keysResourceName = "client-keys";
export const apiKeyAuthType = "envoy.extensions.filters.http.api_key_auth.v3.ApiKeyAuth";

/** What a log says in the place of a team; the first 12 digits of its SHA-256. */
export function teamHash(team: string): string {
  return createHash("sha256").update(team).digest("hex").slice(0, 12);
}

/**
 * The keys file of a proxy that clients call: `Authorization: Bearer KEY`. The file's value of a client is
 * `CLASS/TEAM/HASH`, so that the access log can take the hash of the team out of it.
 */
export function keysResource(credentials: readonly ClientKey[]): string {
  return authenticationResource(
    credentials.map(({ key, client }) => ({ key, client: `${client}/${hashOfClient(client)}` })),
    "authorization",
    clientHeader,
  );
}

function hashOfClient(client: string): string {
  const [taskClass = "", team = "", ...rest] = client.split("/");
  if (taskClass === "" || team === "" || rest.length > 0) {
    throw new Error(`client is "${client}"; give CLASS/TEAM, both without a slash`);
  }
  return teamHash(team);
}

/** One resource as Envoy reads it from a watched file. @param forward header that gets the client's name */
export function authenticationResource(
  credentials: readonly ClientKey[],
  header: string,
  forward?: string,
): string {
  const filter = typed(apiKeyAuthType, {
    credentials,
    key_sources: [{ header }],
    forwarding: { ...(forward === undefined ? {} : { header: forward }), hide_credentials: true },
  });
  const resource = typed("envoy.config.core.v3.TypedExtensionConfig", {
    name: keysResourceName,
    typed_config: filter,
  });
  return `${JSON.stringify({ resources: [resource] }, null, 2)}\n`;
}
