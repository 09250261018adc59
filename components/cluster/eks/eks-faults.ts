import { type Cidr, cidrFault, contains, overlaps, parseCidr } from "../../lib/cidr.ts";
import { gpuInstanceTypes } from "../../lib/instance-types.ts";
import type { EksClusterArgs } from "./eks-args.ts";
import { countFault, faults } from "./fault-list.ts";
import { gpuPoolFaults } from "./gpu-pool-faults.ts";
import { vpcPrefix, zoneSlot } from "./subnet-plan.ts";

/** Everything wrong with the arguments, one sentence each; empty when the cluster can be built. */
export function eksFaults(args: EksClusterArgs): readonly string[] {
  return [
    ...identityFaults(args),
    ...zoneFaults(args),
    ...networkFaults(args),
    ...versionFaults(args),
    ...adminFaults(args.adminPrincipals),
    ...poolFaults(args),
    ...logFaults(args.logRetentionDays),
  ];
}

function identityFaults(args: EksClusterArgs): string[] {
  const { clusterName, region, accountId, organizationId } = args;
  return faults(
    [
      !/^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/.test(clusterName),
      `clusterName "${clusterName}" is not 1 to 40 lower-case letters, digits and hyphens that start with a letter`,
    ],
    [
      !/^(?!cn-|us-gov-|us-iso)[a-z]{2,}(-[a-z]+)+-\d$/.test(region),
      `region "${region}" is not a region of the AWS commercial partition; write it as in us-east-1`,
    ],
    [
      !/^\d{12}$/.test(accountId),
      `accountId "${accountId}" is not 12 digits; quote it in the stack file so that leading zeros stay`,
    ],
    [
      organizationId !== undefined && !/^o-[a-z0-9]{10,32}$/.test(organizationId),
      `organizationId "${organizationId}" is not an organisation id; write it as in o-a1b2c3d4e5`,
    ],
  );
}

function zoneFaults({ region, zones }: EksClusterArgs): string[] {
  return [
    ...faults([
      new Set(zones).size < 2,
      `zones [${zones.join(", ")}] are fewer than two; EKS needs subnets in two zones`,
    ]),
    ...zones.flatMap((zone, index) =>
      faults(
        [
          zoneSlot(region, zone) === undefined,
          `zones[${index}] "${zone}" is not a zone ${region}a to ${region}h of region ${region}`,
        ],
        [zones.indexOf(zone) !== index, `zones[${index}] "${zone}" is named twice; name it once`],
      ),
    ),
  ];
}

const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map(parseCidr);
const clientRanges = [...privateRanges, parseCidr("100.64.0.0/10")];

function networkFaults(args: EksClusterArgs): string[] {
  const vpc = range("vpcCidr", args.vpcCidr, privateRanges, vpcPrefix);
  const { existingVpcId } = args;
  const service = range("serviceCidr", args.serviceCidr, privateRanges, { min: 12, max: 24 });
  return [
    ...vpc.faults,
    ...service.faults,
    ...faults([
      existingVpcId !== undefined && !/^vpc-[0-9a-f]{8,17}$/.test(existingVpcId),
      `existingVpcId "${existingVpcId}" is not the id of a VPC; write it as in vpc-0123456789abcdef0`,
    ]),
    ...faults([
      vpc.cidr !== undefined && service.cidr !== undefined && overlaps(vpc.cidr, service.cidr),
      `serviceCidr ${args.serviceCidr} overlaps vpcCidr ${args.vpcCidr}; choose ranges without a common address`,
    ]),
    ...(args.apiClientCidrs ?? []).flatMap(
      (text, index) =>
        range(`apiClientCidrs[${index}]`, text, clientRanges, { min: 8, max: 32 }).faults,
    ),
  ];
}

interface Prefixes {
  readonly min: number;
  readonly max: number;
}

function range(field: string, text: string, within: readonly Cidr[], prefixes: Prefixes) {
  const fault = cidrFault(text);
  if (fault !== undefined) return { faults: [`${field} ${fault}`] };
  const cidr = parseCidr(text);
  return {
    cidr,
    faults: faults(
      [
        !within.some((outer) => contains(outer, cidr)),
        `${field} ${text} is not private; choose a range inside ${within.map((outer) => outer.text).join(", ")}`,
      ],
      [
        cidr.prefix < prefixes.min || cidr.prefix > prefixes.max,
        `${field} ${text} has prefix /${cidr.prefix}; choose one from /${prefixes.min} to /${prefixes.max}`,
      ],
    ),
  };
}

function versionFaults(args: EksClusterArgs): string[] {
  const release = args.systemNodes.releaseVersion;
  return [
    ...faults([
      !/^1\.\d+$/.test(args.kubernetesVersion),
      `kubernetesVersion "${args.kubernetesVersion}" is not a minor version; write it as in 1.36`,
    ]),
    ...Object.entries(args.addonVersions).flatMap(([addon, version]) =>
      faults([
        !/^v\d+\.\d+\.\d+-eksbuild\.\d+$/.test(version),
        `addonVersions.${addon} "${version}" is not an add-on version; write it as in v1.21.1-eksbuild.1`,
      ]),
    ),
    ...faults([
      !/^1\.\d+\.\d+-\d{8}$/.test(release) || !release.startsWith(`${args.kubernetesVersion}.`),
      `systemNodes: releaseVersion "${release}" is not an image release of Kubernetes ${args.kubernetesVersion}; write it as in ${args.kubernetesVersion}.1-20261105`,
    ]),
  ];
}

function adminFaults(principals: readonly string[]): string[] {
  return [
    ...faults([
      principals.length === 0,
      "adminPrincipals is empty; name at least one IAM role, or nobody can reach the cluster",
    ]),
    ...principals.flatMap((arn, index) =>
      faults(
        [
          !/^arn:aws:iam::\d{12}:(role|user)\/[\w+=,.@/-]+$/.test(arn),
          `adminPrincipals[${index}] "${arn}" is not the ARN of an IAM role or user; write it as in arn:aws:iam::123456789012:role/platform`,
        ],
        [
          principals.indexOf(arn) !== index,
          `adminPrincipals[${index}] "${arn}" is named twice; name it once`,
        ],
      ),
    ),
  ];
}

function poolFaults(args: EksClusterArgs): string[] {
  const { gpuPools, systemNodes } = args;
  const models = new Set(gpuPools.map((pool) => gpuInstanceTypes[pool.instanceType].gpu));
  return [
    ...faults(
      [gpuPools.length === 0, "gpuPools is empty; models need at least one pool of GPU nodes"],
      [
        models.size > 1,
        `gpuPools mix the GPU models ${[...models].join(" and ")}; a cluster has one GPU model`,
      ],
      countFault("systemNodes", systemNodes.count),
    ),
    ...gpuPools.flatMap((pool, index) => [
      ...faults([
        gpuPools.findIndex(({ name }) => name === pool.name) !== index,
        `gpuPools[${index}] is the second of name "${pool.name}"; give every pool its own name`,
      ]),
      ...gpuPoolFaults(pool, args),
    ]),
  ];
}

/** What CloudWatch Logs accepts (PutRetentionPolicy), except the values below a month. */
const retentionDays = [
  30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

function logFaults(days: number): string[] {
  return faults([
    !retentionDays.includes(days),
    `logRetentionDays ${days} is not offered by CloudWatch; choose one of ${retentionDays.join(", ")}`,
  ]);
}
