import type { GpuPoolArgs } from "./gpu-pool-args.ts";

/** Everything that decides the shape of the cluster is plain data, so that a first preview is decidable. */
export interface EksClusterArgs {
  /** Name of the cluster in AWS; unique in account and region. */
  readonly clusterName: string;
  /** AWS region, as in `us-east-1`; must be that of the provider. */
  readonly region: string;
  /** Account that owns the cluster, 12 digits. */
  readonly accountId: string;
  /**
   * AWS organisation whose principals and buckets the VPC endpoints serve, as in `o-a1b2c3d4e5`.
   * @default - the account alone
   */
  readonly organizationId?: string;
  /** At least two zones; a subnet's place follows its zone's letter, so zones may be added in any order. */
  readonly zones: readonly string[];
  /**
   * VPC that is there already, as in `vpc-0123456789abcdef0`, with DNS support and DNS host names on. The stack
   * makes its own subnets, route table and endpoints in it, and `vpcCidr` is a free range of it.
   * @default - the stack makes the VPC
   */
  readonly existingVpcId?: string;
  /** IPv4, /16 to /22; nodes and pods share it, since the VPC CNI gives pods addresses of the VPC. */
  readonly vpcCidr: string;
  /** IPv4, /12 to /24, private, outside `vpcCidr`. */
  readonly serviceCidr: string;
  /** Minor version, as in `1.36`. */
  readonly kubernetesVersion: string;
  readonly addonVersions: AddonVersions;
  /** ARNs of IAM roles or users that administer the cluster; nobody else gets in, its creator included. */
  readonly adminPrincipals: readonly string[];
  /**
   * Private ranges beside the nodes' that may reach the API endpoint, such as that of runners in an existing VPC.
   * From outside the VPC an answer also needs a route back, which nothing here makes.
   * @default - only the nodes
   */
  readonly apiClientCidrs?: readonly string[];
  readonly systemNodes: SystemNodeGroupArgs;
  readonly gpuPools: readonly GpuPoolArgs[];
  /** Days for which control-plane and flow logs are kept; one of the values CloudWatch offers. */
  readonly logRetentionDays: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** Versions as `aws eks describe-addon-versions` names them, such as `v1.21.1-eksbuild.1`. */
export interface AddonVersions {
  readonly vpcCni: string;
  readonly kubeProxy: string;
  readonly podIdentityAgent: string;
  /** eks-node-monitoring-agent, which reports broken GPUs; pools with `nodeRepair` need it. @default - none */
  readonly nodeMonitoringAgent?: string;
}

/** Nodes for cluster DNS and other services without GPU, spread over all zones. */
export interface SystemNodeGroupArgs {
  /** As in `m7i.xlarge`. */
  readonly instanceType: string;
  readonly count: number;
  /** Release of the AL2023_x86_64_STANDARD image, as in `1.36.1-20261105`. */
  readonly releaseVersion: string;
  /** Root volume, GiB. */
  readonly rootVolumeGib: number;
}
