import { unknown } from "../../../policies/model/value.ts";
import { kube } from "../good-graph.ts";
import { added, engineMutant, type Mutant, podPath, template } from "./mutant.ts";

export const podDns: readonly Mutant[] = [
  engineMutant(
    "W09",
    "resolver of the node",
    [...template, "dnsPolicy"],
    "Default",
    `${podPath}.dnsPolicy`,
  ),
  engineMutant(
    "W09",
    "unknown policy",
    [...template, "dnsPolicy"],
    unknown,
    `${podPath}.dnsPolicy`,
  ),
  engineMutant(
    "W09",
    "resolver outside beside the cluster's",
    [...template, "dnsConfig"],
    { nameservers: ["1.1.1.1"] },
    `${podPath}.dnsConfig.nameservers[0]`,
  ),
  engineMutant(
    "W09",
    "resolver of the cluster's range that nobody named",
    [...template, "dnsConfig"],
    { nameservers: ["10.244.0.9"] },
    `${podPath}.dnsConfig.nameservers[0]`,
  ),
  engineMutant(
    "W09",
    "no resolver at all",
    [...template, "dnsPolicy"],
    "None",
    `${podPath}.dnsConfig.nameservers`,
  ),
  engineMutant(
    "W09",
    "name of an address outside",
    [...template, "hostAliases"],
    [{ ip: "127.0.0.1" }, { ip: "203.0.113.9", hostnames: ["registry"] }],
    `${podPath}.hostAliases[1].ip`,
  ),
  engineMutant(
    "W09",
    "name of the metadata address",
    [...template, "hostAliases"],
    [{ ip: "169.254.169.254" }],
    `${podPath}.hostAliases[0].ip`,
  ),
  added(
    "W09",
    "resolver of the node by way of its network",
    kube("batch/v1:Job", "j", "gateway", {
      spec: { template: { spec: { hostNetwork: true, dnsPolicy: "ClusterFirst" } } },
    }),
    "Job gateway/j",
    `${podPath}.dnsPolicy`,
  ),
];
