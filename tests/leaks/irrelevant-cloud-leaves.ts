import type { IrrelevantLeaves } from "./support/covers.ts";

/** Values of AWS resources that may be unknown. */
export const cloudLeaves: readonly IrrelevantLeaves[] = [
  {
    kinds: ["aws:*"],
    paths: [
      "tags.Name",
      "tags.environment",
      'tags["kubernetes.io/role/internal-elb"]',
      "description",
    ],
    reason: "it is for readers, or for load balancers that E14 refuses",
  },
  {
    kinds: ["aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet"],
    paths: ["cidrBlock", "enableDnsHostnames", "enableDnsSupport"],
    reason: "addresses and names of the own network; routes and groups decide what leaves it",
  },
  {
    kinds: ["aws:kms/key:Key"],
    paths: ["deletionWindowInDays", "enableKeyRotation"],
    reason: "the life of a key, not its users",
  },
  {
    kinds: ["aws:ec2/securityGroup:SecurityGroup"],
    paths: ["revokeRulesOnDelete"],
    reason: "what happens at the end of the group",
  },
  {
    kinds: ["aws:cloudwatch/logGroup:LogGroup", "aws:ec2/flowLog:FlowLog"],
    paths: ["name", "logDestinationType", "maxAggregationInterval", "trafficType"],
    reason: "flow logs hold addresses and counts, never content; the group is the stack's own",
  },
  {
    kinds: ["aws:ec2/launchTemplate:LaunchTemplate"],
    paths: [
      "blockDeviceMappings[].deviceName",
      "blockDeviceMappings[].ebs.deleteOnTermination",
      "blockDeviceMappings[].ebs.volumeSize",
      "blockDeviceMappings[].ebs.volumeType",
      "instanceType",
      "metadataOptions.instanceMetadataTags",
      "tagSpecifications[].resourceType",
      "tagSpecifications[].tags.Name",
      "tagSpecifications[].tags.environment",
      "updateDefaultVersion",
    ],
    reason: "the kind and size of a machine; its disk is encrypted whatever its size",
  },
  {
    kinds: ["aws:ec2/vpcEndpoint:VpcEndpoint"],
    paths: ["privateDnsEnabled", "vpcEndpointType"],
    reason: "without private names the service is out of reach; a policy is demanded of every type",
  },
  {
    kinds: ["aws:eks/cluster:Cluster"],
    paths: ["deletionProtection", "kubernetesNetworkConfig.serviceIpv4Cidr", "name", "version"],
    reason: "rules take address ranges from the stack file; the rest opens nothing",
  },
  {
    kinds: ["aws:eks/addon:Addon"],
    paths: ["resolveConflictsOnCreate", "resolveConflictsOnUpdate"],
    reason: "what the program asks for is judged; what somebody changed by hand is drift",
  },
  {
    kinds: ["aws:eks/nodeGroup:NodeGroup"],
    paths: [
      "capacityType",
      'labels["private-llm/pool"]',
      "nodeRepairConfig.enabled",
      "scalingConfig.desiredSize",
      "scalingConfig.maxSize",
      "scalingConfig.minSize",
      "updateConfig.maxUnavailable",
      "updateConfig.updateStrategy",
    ],
    reason: "how many machines there are and how they are replaced opens no way out",
  },
];
