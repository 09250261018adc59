import { unknown } from "../../../policies/model/value.ts";
import { aws } from "../cloud-graph.ts";
import { kube, resource } from "../good-graph.ts";
import { added, cloudAdded, cloudMutant, fileMutant, type Mutant } from "./mutant.ts";

const options = ["metadataOptions"] as const;
const lastRelease = "1.36.1-20261105";

export const metadata: readonly Mutant[] = [
  cloudMutant(
    "S05",
    "first version of the metadata service",
    "LaunchTemplate/gpu",
    [...options, "httpTokens"],
    "optional",
    "metadataOptions.httpTokens",
  ),
  cloudMutant(
    "S05",
    "hop limit that reaches pods",
    "LaunchTemplate/gpu",
    [...options, "httpPutResponseHopLimit"],
    2,
    "metadataOptions.httpPutResponseHopLimit",
  ),
  cloudMutant(
    "S05",
    "hop limit by silence",
    "LaunchTemplate/gpu",
    [...options, "httpPutResponseHopLimit"],
    undefined,
    "metadataOptions.httpPutResponseHopLimit",
  ),
  cloudMutant(
    "S05",
    "template that says nothing of metadata",
    "LaunchTemplate/gpu",
    options,
    undefined,
    "metadataOptions.httpTokens",
  ),
  cloudMutant(
    "S05",
    "template with unknown options",
    "LaunchTemplate/gpu",
    options,
    unknown,
    "metadataOptions",
  ),
  cloudMutant(
    "S05",
    "node group with the defaults of EKS",
    "NodeGroup/gpu",
    ["launchTemplate"],
    undefined,
    "launchTemplate",
  ),
  cloudMutant(
    "S05",
    "node group with an older version of its template",
    "NodeGroup/gpu",
    ["launchTemplate", "version"],
    "1",
    "launchTemplate.version",
  ),
  cloudAdded(
    "S05",
    "node group with a template outside the stack",
    aws("eks/nodeGroup:NodeGroup", "other", {
      releaseVersion: lastRelease,
      launchTemplate: { id: "lt-1", version: "$Latest" },
    }),
    "launchTemplate",
  ),
  cloudAdded(
    "S05",
    "instance with the defaults of AWS",
    aws("ec2/instance:Instance", "bastion", {}),
    "metadataOptions.httpTokens",
  ),
  cloudAdded(
    "S05",
    "scaling group with a template outside the stack",
    aws("autoscaling/group:Group", "workers", { launchTemplate: { id: "lt-1" } }),
    "launchTemplate",
  ),
  cloudAdded(
    "S05",
    "scaling group that mixes a template from outside",
    aws("autoscaling/group:Group", "workers", {
      mixedInstancesPolicy: {
        launchTemplate: { launchTemplateSpecification: { launchTemplateId: "lt-1" } },
      },
    }),
    "mixedInstancesPolicy.launchTemplate.launchTemplateSpecification",
  ),
  added(
    "S05",
    "Karpenter's nodes with two hops",
    kube("karpenter.k8s.aws/v1:EC2NodeClass", "gpu", "monitoring", {
      spec: { metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 2 } },
    }),
    "EC2NodeClass monitoring/gpu",
    "spec.metadataOptions.httpPutResponseHopLimit",
  ),
];

const auditPolicy = (rule: string) =>
  `apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n  - ${rule}\n`;

export const controlPlanes: readonly Mutant[] = [
  cloudMutant(
    "S06",
    "public endpoint",
    "Cluster/main",
    ["vpcConfig", "endpointPublicAccess"],
    true,
    "vpcConfig.endpointPublicAccess",
  ),
  cloudMutant(
    "S06",
    "public endpoint by silence",
    "Cluster/main",
    ["vpcConfig", "endpointPublicAccess"],
    undefined,
    "vpcConfig.endpointPublicAccess",
  ),
  cloudMutant(
    "S06",
    "no private endpoint",
    "Cluster/main",
    ["vpcConfig", "endpointPrivateAccess"],
    undefined,
    "vpcConfig.endpointPrivateAccess",
  ),
  cloudMutant("S06", "unknown endpoints", "Cluster/main", ["vpcConfig"], unknown, "vpcConfig"),
  cloudMutant(
    "S06",
    "Secrets without a key of the owner",
    "Cluster/main",
    ["encryptionConfig"],
    undefined,
    "encryptionConfig.resources",
  ),
  cloudMutant(
    "S06",
    "key that encrypts something else",
    "Cluster/main",
    ["encryptionConfig", "resources"],
    ["configmaps"],
    "encryptionConfig.resources",
  ),
  cloudMutant(
    "S06",
    "control plane without an audit log",
    "Cluster/main",
    ["enabledClusterLogTypes"],
    ["api", "authenticator"],
    "enabledClusterLogTypes",
  ),
  cloudMutant(
    "S06",
    "control plane with unknown logs",
    "Cluster/main",
    ["enabledClusterLogTypes"],
    unknown,
    "enabledClusterLogTypes",
  ),
  fileMutant(
    "S06",
    "audit policy that writes bodies",
    "audit.yaml",
    auditPolicy("level: RequestResponse"),
    'data["audit.yaml"].rules[0].level',
  ),
  fileMutant(
    "S06",
    "audit policy that writes bodies of the models' namespace",
    "audit.yaml",
    auditPolicy("{level: Request, namespaces: [inference]}"),
    'data["audit.yaml"].rules[0].level',
  ),
  fileMutant(
    "S06",
    "audit policy that leaves the models' namespace out",
    "audit.yaml",
    auditPolicy("{level: None, namespaces: [inference]}"),
    'data["audit.yaml"].rules[0].level',
  ),
  added(
    "S06",
    "state of another stack in a hosted service",
    resource("pulumi:pulumi:StackReference", "acme/private-llm/cluster", {
      name: "acme/private-llm/cluster",
    }),
    "pulumi:pulumi:StackReference acme/private-llm/cluster",
    "name",
  ),
  added(
    "S06",
    "provider of the hosted service",
    resource("pulumi:providers:pulumiservice", "cloud", {}),
    "pulumi:providers:pulumiservice cloud",
    "",
  ),
];
