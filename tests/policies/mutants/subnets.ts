import { unknown, type ValueObject } from "../../../policies/model/value.ts";
import { aws } from "../cloud-graph.ts";
import { cloudAdded, cloudMutant, type Mutant } from "./mutant.ts";

const subnet = "ec2/subnet:Subnet";
const foreign = "subnet-0123456789abcdef0";

const template = { launchTemplate: ["ec2/launchTemplate:LaunchTemplate::gpu"] };
const group: ValueObject = {
  amiType: "AL2023_x86_64_NVIDIA",
  releaseVersion: "1.36.1-20261105",
  launchTemplate: { id: unknown, version: unknown },
  taints: [{ key: "nvidia.com/gpu", effect: "NO_SCHEDULE" }],
};

/** Networks that the stack did not make. */
export const subnets: readonly Mutant[] = [
  cloudAdded(
    "S04",
    "subnet in a network that is there already",
    aws(subnet, "b", { vpcId: "vpc-0123456789abcdef0" }),
    "vpcId",
  ),
  cloudAdded(
    "S04",
    "subnet in an unknown network that comes from nowhere",
    aws(subnet, "b", { vpcId: unknown }),
    "vpcId",
  ),
  cloudAdded(
    "S04",
    "subnet that the main route table of somebody's network routes",
    aws(subnet, "b", { vpcId: "vpc-0123456789abcdef0" }),
  ),
  cloudAdded(
    "S04",
    "node group in a subnet of somebody else",
    aws(
      "eks/nodeGroup:NodeGroup",
      "other",
      { ...group, subnetIds: [unknown, foreign] },
      { ...template, subnetIds: [`${subnet}::a`] },
    ),
    "subnetIds[1]",
  ),
  cloudAdded(
    "S04",
    "node group in an unknown subnet that comes from nowhere",
    aws(
      "eks/nodeGroup:NodeGroup",
      "other",
      { ...group, subnetIds: [unknown, unknown] },
      { ...template, subnetIds: [`${subnet}::a`] },
    ),
    "subnetIds[0]",
  ),
  cloudMutant(
    "S04",
    "control plane with an interface in a subnet of somebody else",
    "Cluster/main",
    ["vpcConfig", "subnetIds"],
    [foreign],
    "vpcConfig.subnetIds[0]",
  ),
  cloudAdded(
    "S04",
    "instance in a subnet of somebody else",
    aws("ec2/instance:Instance", "bastion", { subnetId: foreign }),
    "subnetId",
  ),
];
