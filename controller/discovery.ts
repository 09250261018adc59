import { z } from "zod";
import { healthAddressOf } from "../components/gateway/envoy/endpoints.ts";
import type { Catalogue } from "./catalogue.ts";

/** REST xDS: a proxy asks again and again, and each time says which version it accepted. */

export const discoveryTypes = {
  "/v3/discovery:routes": "type.googleapis.com/envoy.config.route.v3.RouteConfiguration",
  "/v3/discovery:endpoints": "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment",
} as const;

export type DiscoveryPath = keyof typeof discoveryTypes;

/** Proxies write either spelling of JSON for protocol buffers. */
const requestSchema = z
  .object({
    versionInfo: z.string().optional(),
    version_info: z.string().optional(),
    resourceNames: z.array(z.string()).max(10_000).optional(),
    resource_names: z.array(z.string()).max(10_000).optional(),
    typeUrl: z.string().optional(),
    type_url: z.string().optional(),
    node: z
      .object({
        id: z.string().optional(),
        cluster: z.string().optional(),
        metadata: z.unknown().optional(),
      })
      .optional(),
  })
  .transform((request) => ({
    version: request.versionInfo ?? request.version_info ?? "",
    names: request.resourceNames ?? request.resource_names ?? [],
    type: request.typeUrl ?? request.type_url,
    node: request.node?.id ?? "",
    proxy: request.node?.cluster ?? "",
    health: healthAddressOf(request.node?.metadata),
  }));

export type DiscoveryRequest = z.output<typeof requestSchema>;

/** `undefined` where it is none. */
export function discoveryRequest(text: string): DiscoveryRequest | undefined {
  try {
    const parsed = requestSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

export interface Answer {
  readonly status: 200 | 304 | 400 | 404 | 503;
  readonly body?: string;
}

/** @param offered `undefined` while it is not known what there is */
export function discoveryAnswer(
  path: DiscoveryPath,
  request: DiscoveryRequest,
  offered: Catalogue | undefined,
): Answer {
  const typeUrl = discoveryTypes[path];
  if (request.type !== undefined && request.type !== "" && request.type !== typeUrl) {
    return { status: 404 };
  }
  // An empty answer would take away what the proxy has; an error makes it keep that.
  if (offered === undefined) return { status: 503 };
  const offer = offered.offer(request.names);
  if (offer === undefined) return { status: 404 };
  const { version, resources } = offer;
  if (version === request.version) return { status: 304 };
  return { status: 200, body: JSON.stringify({ versionInfo: version, resources, typeUrl }) };
}
