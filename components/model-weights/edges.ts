import type { Edge } from "../isolation/network-policies.ts";
import { sourceAddress, sourceCidr, type WeightsSource } from "../lib/stack/weights.ts";

/** Value of the label `app.kubernetes.io/name` of staging pods. */
export const stagingName = "weights-staging";

/** The one connection that staging may open; the names of hosts are not asked for. */
export function stagingEdges(namespace: string, source: WeightsSource): Edge[] {
  return [
    {
      name: "source-of-weights",
      from: { namespace, labels: { "app.kubernetes.io/name": stagingName } },
      to: { cidrs: [sourceCidr(source)] },
      ports: [sourceAddress(source).port],
    },
  ];
}
