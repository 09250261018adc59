import { LaunchTemplate, type LaunchTemplateArgs } from "@pulumi/aws/ec2/launchTemplate.js";
import type * as pulumi from "@pulumi/pulumi";
import type { ReservedCapacity } from "./gpu-pool-args.ts";

export interface NodeLaunchTemplateArgs {
  readonly instanceType: string;
  /** Disk for images and writable layers of containers, GiB. */
  readonly rootVolumeGib: number;
  /** @default "/dev/xvda" */
  readonly dataDevice?: string;
  /** Disks that the image brings beside it. @default - none */
  readonly otherDevices?: readonly { readonly deviceName: string; readonly gib: number }[];
  /** ARN of the key that encrypts the disks. */
  readonly volumeKeyArn: pulumi.Input<string>;
  readonly securityGroupId: pulumi.Input<string>;
  /** Base64. @default - only what EKS adds */
  readonly userData?: string;
  /** Network cards with an EFA interface each. @default 0 */
  readonly efaInterfaces?: number;
  /** @default - wherever there is room */
  readonly placementGroupName?: pulumi.Input<string>;
  /** @default - on demand, from whatever is free */
  readonly capacity?: ReservedCapacity;
  /** Also put on instances and their volumes. */
  readonly tags: Readonly<Record<string, string>>;
}

/** How a node starts: encrypted disk, closed security group, metadata out of reach of pods. */
export function createNodeLaunchTemplate(
  name: string,
  args: NodeLaunchTemplateArgs,
  opts: pulumi.CustomResourceOptions,
): LaunchTemplate {
  const { dataDevice = "/dev/xvda", otherDevices = [] } = args;
  const disk = (deviceName: string, gib: number) => ({
    deviceName,
    ebs: {
      volumeType: "gp3",
      volumeSize: gib,
      encrypted: "true",
      kmsKeyId: args.volumeKeyArn,
      deleteOnTermination: "true",
    },
  });
  return new LaunchTemplate(
    name,
    {
      instanceType: args.instanceType,
      updateDefaultVersion: true,
      ...network(args),
      metadataOptions: {
        httpEndpoint: "enabled",
        httpTokens: "required",
        // A pod is one hop further away than its node.
        httpPutResponseHopLimit: 1,
        instanceMetadataTags: "disabled",
      },
      blockDeviceMappings: [
        disk(dataDevice, args.rootVolumeGib),
        ...otherDevices.map(({ deviceName, gib }) => disk(deviceName, gib)),
      ],
      ...(args.userData === undefined ? {} : { userData: args.userData }),
      ...(args.placementGroupName === undefined
        ? {}
        : { placement: { groupName: args.placementGroupName } }),
      ...(args.capacity === undefined ? {} : reserved(args.capacity)),
      tagSpecifications: ["instance", "volume"].map((resourceType) => ({
        resourceType,
        tags: args.tags,
      })),
      tags: args.tags,
    },
    opts,
  );
}

/**
 * The security group is named here, so that EKS does not attach its own, which permits all egress. Beside
 * the first, EFA interfaces carry no IP: what they send is outside network policies, and stays in the group.
 */
function network({ efaInterfaces = 0, securityGroupId }: NodeLaunchTemplateArgs) {
  if (efaInterfaces === 0) return { vpcSecurityGroupIds: [securityGroupId] };
  const cards = Array.from({ length: efaInterfaces }, (_, card) => ({
    networkCardIndex: card,
    deviceIndex: card === 0 ? 0 : 1,
    interfaceType: card === 0 ? "efa" : "efa-only",
    securityGroups: [securityGroupId],
    deleteOnTermination: "true",
  }));
  return { networkInterfaces: cards };
}

function reserved({ kind, reservationId }: ReservedCapacity): Partial<LaunchTemplateArgs> {
  const capacityReservationTarget = { capacityReservationId: reservationId };
  switch (kind) {
    case "on-demand-reservation":
      return {
        capacityReservationSpecification: {
          capacityReservationPreference: "capacity-reservations-only",
          capacityReservationTarget,
        },
      };
    case "capacity-block":
      return {
        instanceMarketOptions: { marketType: "capacity-block" },
        capacityReservationSpecification: { capacityReservationTarget },
      };
    default:
      kind satisfies never;
      throw new Error("unreachable");
  }
}
