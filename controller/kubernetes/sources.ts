import { openGateway } from "../../components/gateway/names.ts";
import { type Observed, podsOf, slicesOf, trafficOf } from "../observed.ts";
import type { Collection } from "./list-watch.ts";

export interface Source extends Collection {
  read(objects: readonly unknown[]): Partial<Observed>;
}

/**
 * What the controller follows. Records and override are ConfigMaps of one watch, so they arrive in the order
 * in which they were written: an override never comes before its record.
 */
export function trafficSource(namespace: string): Source {
  return {
    name: "configmaps",
    path: `/api/v1/namespaces/${namespace}/configmaps`,
    read: (objects) => ({ traffic: trafficOf(objects) }),
  };
}

export function endpointSources(namespace: string, inferenceNamespace: string): Source[] {
  const slices = (of: string) => `/apis/discovery.k8s.io/v1/namespaces/${of}/endpointslices`;
  return [
    {
      name: "engines",
      path: slices(inferenceNamespace),
      read: (objects) => ({ engines: slicesOf(objects) }),
    },
    {
      name: "gateways",
      path: slices(namespace),
      read: (objects) => {
        const egress = slicesOf(objects);
        return { egress, gateways: podsOf(egress, openGateway) };
      },
    },
  ];
}
