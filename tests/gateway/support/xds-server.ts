import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import {
  assignmentType,
  type EngineAddress,
  endpointAssignment,
  healthAddressOf,
} from "../../../components/gateway/envoy/endpoints.ts";
import { routesType } from "../../../components/gateway/envoy/routes.ts";
import type { RouteConfiguration } from "../../../components/gateway/envoy/types.ts";
import { isRecord } from "../../../tools/simulator/values.ts";

/** The route controller as proxies see it, with its mind in the test's hands. */
export interface XdsServer {
  readonly port: number;
  setRoutes(routes: RouteConfiguration): void;
  setEndpoints(cluster: string, endpoints: readonly EngineAddress[]): void;
  stop(): Promise<void>;
}

export async function startXds(): Promise<XdsServer> {
  let routes: RouteConfiguration | undefined;
  const endpoints = new Map<string, readonly EngineAddress[]>();
  let version = 0;
  const resources = (request: Record<string, unknown>): readonly object[] | undefined => {
    const names: unknown = request["resource_names"];
    const [name] = Array.isArray(names) ? names.map(String) : [];
    const node = isRecord(request["node"]) ? request["node"] : {};
    switch (request["type_url"]) {
      case routesType:
        return routes === undefined ? undefined : [{ "@type": routesType, ...routes }];
      case assignmentType: {
        const health = healthAddressOf(node["metadata"]);
        return [endpointAssignment(name ?? "", endpoints.get(name ?? "") ?? [], health)];
      }
      default:
        return undefined;
    }
  };
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const asked: unknown = JSON.parse(body);
      const found = isRecord(asked) ? resources(asked) : undefined;
      if (!isRecord(asked) || found === undefined) return response.writeHead(404).end();
      const answer = {
        version_info: String(version),
        type_url: asked["type_url"],
        resources: found,
      };
      return response.writeHead(200).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null)
    throw new Error("the xDS server has no port");
  return {
    port: address.port,
    setRoutes: (next) => {
      routes = next;
      version += 1;
    },
    setEndpoints: (cluster, next) => {
      endpoints.set(cluster, next);
      version += 1;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
