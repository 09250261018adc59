/**
 * Values of the real stacks that look as if they decided something and that no rule reads yet: when unknown
 * they turn nothing red. Each is either a gap in a rule or belongs to the irrelevant ones, with a reason. A
 * value that a rule has come to read must leave the list. What stands beside it is the rule that should
 * read it.
 */
export const suspiciousLeaves: Readonly<Record<string, string>> = {
  "ClusterPolicy spec.driver.image": "W04: the operator starts this image as root on the node",
  "ClusterPolicy spec.driver.repository": "W04, M02: the registry of that image",
  "ClusterPolicy spec.driver.version": "W04: its digest",
  "ClusterPolicy spec.toolkit.enabled": "W04: starts one more image on the node",
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup ingress": "S04: what comes in",
  "aws:ec2/launchTemplate:LaunchTemplate metadataOptions.httpEndpoint":
    "S05: whether the metadata service answers",
  "aws:ec2/launchTemplate:LaunchTemplate userData":
    "A14 and more: what the node runs before the kubelet",
  "aws:eks/accessEntry:AccessEntry principalArn":
    "no rule of the catalogue: who may act in the cluster, beside W06",
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation accessScope.type":
    "no rule of the catalogue: where he may act",
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation policyArn":
    "no rule of the catalogue: what he may do",
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation principalArn":
    "no rule of the catalogue: who may act in the cluster, beside W06",
  "aws:eks/cluster:Cluster accessConfig.authenticationMode":
    "no rule of the catalogue: a ConfigMap could grant access",
  "aws:eks/cluster:Cluster accessConfig.bootstrapClusterCreatorAdminPermissions":
    "no rule of the catalogue: one more administrator",
  "aws:eks/cluster:Cluster bootstrapSelfManagedAddons": "E17: a network plugin without strict mode",
  "aws:iam/role:Role assumeRolePolicy": "no rule of the catalogue: who may take the role",
  "aws:iam/rolePolicy:RolePolicy policy": "no rule of the catalogue: what the role may do",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment policyArn":
    "no rule of the catalogue: what nodes may do",
  "aws:kms/key:Key policy": "S01: who may decrypt",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule fromPort": "S04: what leaves",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule ipProtocol": "S04: what leaves",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule toPort": "S04: what leaves",
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule cidrIpv4": "S04: who comes in",
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule fromPort": "S04: who comes in",
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule ipProtocol": "S04: who comes in",
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule toPort": "S04: who comes in",
  "gpu-operator/DaemonSet spec.template.spec.containers[].command[]":
    "M02: flags that switch reports on",
  "gpu-operator/Deployment spec.template.spec.containers[].command[]":
    "M02: flags that switch reports on",
  "inference/PersistentVolumeClaim spec.accessModes[]": "A09: whether tenants share it",
  "inference/PersistentVolumeClaim spec.storageClassName": "S01: whether it is encrypted",
  "monitoring/DaemonSet spec.template.spec.hostNetwork": "E15: a proxy on the pods' own node",
};
