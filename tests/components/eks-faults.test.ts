import test from "ava";
import type { EksClusterArgs } from "../../components/cluster/eks/eks-args.ts";
import { eksFaults } from "../../components/cluster/eks/eks-faults.ts";
import { type GpuInstanceType, gpuInstanceTypes } from "../../components/lib/instance-types.ts";
import { clusterArgs, gpuPool } from "./eks-fixture.ts";

const gpuInstanceTypeNames = Object.keys(gpuInstanceTypes).filter(
  (name): name is GpuInstanceType => name in gpuInstanceTypes,
);

test("the fixture has no fault", (t) => {
  t.deepEqual(eksFaults(clusterArgs), []);
});

for (const instanceType of gpuInstanceTypeNames) {
  test(`a pool of ${instanceType} has no fault`, (t) => {
    t.deepEqual(eksFaults({ ...clusterArgs, gpuPools: [{ ...gpuPool, instanceType }] }), []);
  });
}

interface Case {
  readonly title: string;
  readonly change: Partial<EksClusterArgs>;
  readonly faults: readonly string[];
}

const cases: readonly Case[] = [
  {
    title: "a cluster name in capitals",
    change: { clusterName: "Staging" },
    faults: [
      'clusterName "Staging" is not 1 to 40 lower-case letters, digits and hyphens that start with a letter',
    ],
  },
  {
    title: "a region of another partition",
    change: {
      region: "cn-north-1",
      zones: ["cn-north-1a", "cn-north-1b"],
      gpuPools: [{ ...gpuPool, zone: "cn-north-1a" }],
    },
    faults: [
      'region "cn-north-1" is not a region of the AWS commercial partition; write it as in us-east-1',
    ],
  },
  {
    title: "an account that lost its leading zero",
    change: { accountId: "12345678901" },
    faults: [
      'accountId "12345678901" is not 12 digits; quote it in the stack file so that leading zeros stay',
    ],
  },
  {
    title: "an organisation by its name",
    change: { organizationId: "example" },
    faults: ['organizationId "example" is not an organisation id; write it as in o-a1b2c3d4e5'],
  },
  {
    title: "a single zone, named twice",
    change: { zones: ["us-east-1b", "us-east-1b"] },
    faults: [
      "zones [us-east-1b, us-east-1b] are fewer than two; EKS needs subnets in two zones",
      'zones[1] "us-east-1b" is named twice; name it once',
    ],
  },
  {
    title: "a zone of another region",
    change: { zones: ["us-east-1b", "us-west-2a"] },
    faults: ['zones[1] "us-west-2a" is not a zone us-east-1a to us-east-1h of region us-east-1'],
  },
  {
    title: "a VPC range with host bits",
    change: { vpcCidr: "10.40.0.1/16" },
    faults: [
      'vpcCidr "10.40.0.1/16" has address bits set behind its prefix /16; write 10.40.0.0/16',
    ],
  },
  {
    title: "a public VPC range of a size that AWS refuses",
    change: { vpcCidr: "8.0.0.0/8" },
    faults: [
      "vpcCidr 8.0.0.0/8 is not private; choose a range inside 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16",
      "vpcCidr 8.0.0.0/8 has prefix /8; choose one from /16 to /22",
    ],
  },
  {
    title: "a VPC by its name",
    change: { existingVpcId: "shared" },
    faults: ['existingVpcId "shared" is not the id of a VPC; write it as in vpc-0123456789abcdef0'],
  },
  {
    title: "a service range inside the VPC",
    change: { serviceCidr: "10.40.240.0/20" },
    faults: [
      "serviceCidr 10.40.240.0/20 overlaps vpcCidr 10.40.0.0/16; choose ranges without a common address",
    ],
  },
  {
    title: "API clients from anywhere",
    change: { apiClientCidrs: ["0.0.0.0/0"] },
    faults: [
      "apiClientCidrs[0] 0.0.0.0/0 is not private; choose a range inside 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10",
      "apiClientCidrs[0] 0.0.0.0/0 has prefix /0; choose one from /8 to /32",
    ],
  },
  {
    title: "no administrator",
    change: { adminPrincipals: [] },
    faults: [
      "adminPrincipals is empty; name at least one IAM role, or nobody can reach the cluster",
    ],
  },
  {
    title: "a session instead of a role as administrator",
    change: { adminPrincipals: ["arn:aws:sts::123456789012:assumed-role/admin/me"] },
    faults: [
      'adminPrincipals[0] "arn:aws:sts::123456789012:assumed-role/admin/me" is not the ARN of an IAM role or user; write it as in arn:aws:iam::123456789012:role/platform',
    ],
  },
  {
    title: "an administrator named twice",
    change: { adminPrincipals: [...clusterArgs.adminPrincipals, ...clusterArgs.adminPrincipals] },
    faults: [
      'adminPrincipals[1] "arn:aws:iam::123456789012:role/platform/admin" is named twice; name it once',
    ],
  },
  {
    title: "a floating add-on",
    change: { addonVersions: { ...clusterArgs.addonVersions, vpcCni: "latest" } },
    faults: [
      'addonVersions.vpcCni "latest" is not an add-on version; write it as in v1.21.1-eksbuild.1',
    ],
  },
  {
    title: "a patch version of Kubernetes",
    change: {
      kubernetesVersion: "1.36.1",
      gpuPools: [{ ...gpuPool, releaseVersion: "1.36.1.0-1" }],
    },
    faults: [
      'kubernetesVersion "1.36.1" is not a minor version; write it as in 1.36',
      'systemNodes: releaseVersion "1.36.1-20261105" is not an image release of Kubernetes 1.36.1; write it as in 1.36.1.1-20261105',
      'gpuPools "p4de": releaseVersion "1.36.1.0-1" is not an image release of Kubernetes 1.36.1; write it as in 1.36.1.1-20261105',
    ],
  },
  {
    title: "a floating node image",
    change: { gpuPools: [{ ...gpuPool, releaseVersion: "latest" }] },
    faults: [
      'gpuPools "p4de": releaseVersion "latest" is not an image release of Kubernetes 1.36; write it as in 1.36.1-20261105',
    ],
  },
  {
    title: "a node image of another Kubernetes",
    change: { systemNodes: { ...clusterArgs.systemNodes, releaseVersion: "1.35.4-20261105" } },
    faults: [
      'systemNodes: releaseVersion "1.35.4-20261105" is not an image release of Kubernetes 1.36; write it as in 1.36.1-20261105',
    ],
  },
  {
    title: "no GPU pool",
    change: { gpuPools: [] },
    faults: ["gpuPools is empty; models need at least one pool of GPU nodes"],
  },
  {
    title: "two pools of one name and of different GPUs",
    change: { gpuPools: [gpuPool, { ...gpuPool, instanceType: "p4d.24xlarge" }] },
    faults: [
      "gpuPools mix the GPU models a100-sxm-80gb and a100-sxm-40gb; a cluster has one GPU model",
      'gpuPools[1] is the second of name "p4de"; give every pool its own name',
    ],
  },
  {
    title: "a pool with a bad name, zone, count and reservation",
    change: {
      gpuPools: [
        {
          ...gpuPool,
          name: "P4",
          zone: "us-east-1c",
          count: 0,
          capacity: { kind: "on-demand-reservation", reservationId: "cr-1" },
        },
      ],
    },
    faults: [
      'gpuPools "P4": name is not 1 to 20 lower-case letters, digits and hyphens that start with a letter',
      'gpuPools "P4": zone "us-east-1c" is not among zones [us-east-1a, us-east-1b]',
      'gpuPools "P4": count 0 is not a whole number from 1',
      'gpuPools "P4": capacity.reservationId "cr-1" is not a reservation; write it as in cr-0123456789abcdef0',
    ],
  },
  {
    title: "half a system node",
    change: { systemNodes: { ...clusterArgs.systemNodes, count: 0.5 } },
    faults: ["systemNodes: count 0.5 is not a whole number from 1"],
  },
  {
    title: "a retention that CloudWatch does not offer",
    change: { logRetentionDays: 100 },
    faults: [
      "logRetentionDays 100 is not offered by CloudWatch; choose one of 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653",
    ],
  },
];

for (const { title, change, faults } of cases) {
  test(`${title} is refused`, (t) => {
    t.deepEqual(eksFaults({ ...clusterArgs, ...change }), faults);
  });
}
