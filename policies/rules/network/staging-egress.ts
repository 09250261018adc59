import type { SourceAddress } from "../../../components/lib/stack/weights.ts";
import { inWords } from "../../egress/inference.ts";
import { analysisOf } from "../../egress/of-graph.ts";
import { block } from "../../egress/sets/addresses.ts";
import { portsOf } from "../../egress/sets/ports.ts";
import {
  isNowhere,
  nowhere,
  type Region,
  region,
  subtractRegions,
} from "../../egress/sets/region.ts";
import { isKind } from "../../kubernetes/api-groups.ts";
import type { StackRule } from "../../model/rule.ts";

export const stagingEgress: StackRule = {
  id: "E20",
  name: "staging-egress",
  level: "stack",
  description:
    "No pod of the namespace that stages weights, whatever its labels, can send anything to anywhere but the one source that the stack names.",
  severity: "high",
  enforcement: "mandatory",
  mapping: { gdpr: ["32"], hipaa: ["164.312(e)(1)"], nsa: ["Net"] },
  remedy:
    "keep the namespace's default deny, and allow its pods the address and port of weights.source alone",
  check: (graph, settings) => {
    const { staging } = settings;
    if (staging === undefined) return [];
    const { namespace, source } = staging;
    const owner = graph.objects.find(
      (object) => isKind(object, "Namespace") && object.name === namespace,
    );
    if (owner === undefined) return [];
    const wanted = source === undefined ? nowhere : regionOf(source);
    const open = analysisOf(graph, settings).envelope(namespace);
    if (isNowhere(subtractRegions(open.region, wanted))) return [];
    return open.because
      .filter(({ opens }) => !isNowhere(subtractRegions(opens, wanted)))
      .map(({ object, path, reason, opens }) => ({
        resource: (object ?? owner).resource,
        path,
        problem: `${reason}; a pod of any labels in "${namespace}" may send to ${inWords(opens)}`,
      }));
  },
};

function regionOf({ address, port }: SourceAddress): Region {
  return region(
    block(`${address}/${address.includes(":") ? 128 : 32}`),
    portsOf([{ protocol: "TCP", fromPort: port, toPort: port }]),
  );
}
