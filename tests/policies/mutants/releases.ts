import { unknown } from "../../../policies/model/value.ts";
import { kube, resource } from "../good-graph.ts";
import { added, cloudMutant, type Mutant } from "./mutant.ts";

/** A chart beside a child of it. */
function chart(title: string, properties: Parameters<typeof resource>[2], path: string): Mutant {
  const made = resource("kubernetes:helm.sh/v4:Chart", "stack", properties);
  return added("O07", title, made, "kubernetes:helm.sh/v4:Chart stack", path);
}

function clusterPolicy(
  title: string,
  driver: Parameters<typeof resource>[2],
  path: string,
): Mutant {
  return added(
    "O07",
    title,
    kube("nvidia.com/v1:ClusterPolicy", "cluster-policy", undefined, { spec: { driver } }),
    "ClusterPolicy cluster-policy",
    path,
  );
}

export const releases: readonly Mutant[] = [
  chart("chart without a version", { chart: "oci://registry.internal/x" }, "version"),
  chart("range of chart versions", { chart: "x", version: "^1.2.0" }, "version"),
  chart("open chart version", { chart: "x", version: "1.x" }, "version"),
  chart("newest chart", { chart: "x", version: "latest" }, "version"),
  chart("unknown chart version", { chart: "x", version: unknown }, "version"),
  chart("charts under development", { chart: "x", version: "1.2.3", devel: true }, "devel"),
  cloudMutant(
    "O07",
    "nodes without a release of their image",
    "NodeGroup/gpu",
    ["releaseVersion"],
    undefined,
    "releaseVersion",
  ),
  cloudMutant(
    "O07",
    "nodes of whatever release is newest",
    "NodeGroup/gpu",
    ["releaseVersion"],
    "latest",
    "releaseVersion",
  ),
  cloudMutant(
    "O07",
    "nodes of an unknown release",
    "NodeGroup/gpu",
    ["releaseVersion"],
    unknown,
    "releaseVersion",
  ),
  cloudMutant(
    "O07",
    "add-on without a version",
    "Addon/cni",
    ["addonVersion"],
    undefined,
    "addonVersion",
  ),
  cloudMutant(
    "O07",
    "nodes whose images AWS replaces",
    "Cluster/main",
    ["computeConfig"],
    { enabled: true },
    "computeConfig.enabled",
  ),
  cloudMutant(
    "O07",
    "image by a parameter that changes",
    "LaunchTemplate/gpu",
    ["imageId"],
    "resolve:ssm:/aws/service/eks/optimized-ami/recommended",
    "imageId",
  ),
  clusterPolicy(
    "driver that upgrades itself",
    { upgradePolicy: { autoUpgrade: true } },
    "spec.driver.upgradePolicy.autoUpgrade",
  ),
  clusterPolicy(
    "driver of unknown upgrades",
    { upgradePolicy: { autoUpgrade: unknown } },
    "spec.driver.upgradePolicy.autoUpgrade",
  ),
  added(
    "O07",
    "Karpenter's newest image",
    kube("karpenter.k8s.aws/v1:EC2NodeClass", "gpu", "monitoring", {
      spec: { amiSelectorTerms: [{ alias: "al2023@latest" }] },
    }),
    "EC2NodeClass monitoring/gpu",
    "spec.amiSelectorTerms[0]",
  ),
];
