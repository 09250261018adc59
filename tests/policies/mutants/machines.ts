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

export const residency: readonly Mutant[] = [
  cloudAdded(
    "C03",
    "provider of a region that is not listed",
    resource("pulumi:providers:aws", "europe", { region: "eu-central-1" }),
    "region",
  ),
  cloudAdded(
    "C03",
    "provider whose region the environment decides",
    resource("pulumi:providers:aws", "anywhere", { profile: "default" }),
    "region",
  ),
  cloudAdded(
    "C03",
    "provider of an unknown region",
    resource("pulumi:providers:aws", "later", { region: unknown }),
    "region",
  ),
  cloudAdded(
    "C03",
    "provider with addresses of its own",
    resource("pulumi:providers:aws", "other", {
      region: "us-east-1",
      endpoints: '[{"s3":"https://s3.example.com"}]',
    }),
    "endpoints",
  ),
  cloudAdded(
    "C03",
    "provider of a cloud that no rule knows",
    resource("pulumi:providers:digitalocean", "ocean", { region: "us-east-1" }),
  ),
  cloudAdded(
    "C03",
    "provider of another API of AWS, which no rule reads",
    resource("pulumi:providers:aws-native", "native", { region: "us-east-1" }),
  ),
  cloudAdded(
    "C03",
    "Google in a region that is not listed",
    resource("pulumi:providers:gcp", "google", { region: "us-east4" }),
    "region",
  ),
  cloudAdded(
    "C03",
    "bucket of Google in all of America",
    resource("gcp:storage/bucket:Bucket", "b", { location: "US" }),
    "location",
  ),
  cloudAdded(
    "C03",
    "storage of Azure elsewhere",
    resource("azure-native:storage:StorageAccount", "s", { location: "West Europe" }),
    "location",
  ),
  cloudAdded(
    "C03",
    "resource with a region of its own",
    aws("dynamodb/table:Table", "copy", { region: "us-west-2" }),
    "region",
  ),
  cloudAdded(
    "C03",
    "replica of a table",
    aws("dynamodb/table:Table", "copy", { replicas: [{ regionName: "eu-west-1" }] }),
    "replicas[0].regionName",
  ),
  cloudAdded(
    "C03",
    "replica in an unknown region",
    aws("secretsmanager/secret:Secret", "copy", { replicas: [{ region: unknown }] }),
    "replicas[0].region",
  ),
  cloudAdded(
    "C03",
    "copy to a vault in another region",
    aws("backup/selection:Selection", "copy", {
      destinationVaultArn: "arn:aws:backup:eu-west-1:111122223333:backup-vault:v",
    }),
    "destinationVaultArn",
  ),
  cloudAdded(
    "C03",
    "peering with another region",
    aws("ec2/vpcPeeringConnection:VpcPeeringConnection", "far", { peerRegion: "eu-west-1" }),
    "peerRegion",
  ),
  cloudMutant(
    "C03",
    "subnet in a local zone of another city",
    "Subnet/a",
    ["availabilityZone"],
    "us-east-1-bos-1a",
    "availabilityZone",
  ),
  cloudMutant(
    "C03",
    "endpoint of another region",
    "VpcEndpoint/s3",
    ["serviceName"],
    "com.amazonaws.us-west-2.s3",
    "serviceName",
  ),
  added(
    "C03",
    "resources without a provider",
    aws("kms/key:Key", "orphan", {}),
    "aws:kms/key:Key orphan",
    "",
  ),
];

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
