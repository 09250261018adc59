import { LaunchTemplate } from "@pulumi/aws/ec2/launchTemplate.js";
import type * as pulumi from "@pulumi/pulumi";

export interface NodeLaunchTemplateArgs {
  readonly instanceType: string;
  /** Root volume, GiB. */
  readonly rootVolumeGib: number;
  /** ARN of the key that encrypts the root volume. */
  readonly volumeKeyArn: pulumi.Input<string>;
  readonly securityGroupId: pulumi.Input<string>;
  /** Base64. @default - only what EKS adds */
  readonly userData?: string;
  readonly capacityReservationId?: string;
  /** Also put on instances and their volumes. */
  readonly tags: Readonly<Record<string, string>>;
}

/** How a node starts: encrypted disk, closed security group, metadata out of reach of pods. */
export function createNodeLaunchTemplate(
  name: string,
  args: NodeLaunchTemplateArgs,
  opts: pulumi.CustomResourceOptions,
): LaunchTemplate {
  return new LaunchTemplate(
    name,
    {
      instanceType: args.instanceType,
      updateDefaultVersion: true,
      // Named here, so that EKS does not attach its own group, which permits all egress.
      vpcSecurityGroupIds: [args.securityGroupId],
      metadataOptions: {
        httpEndpoint: "enabled",
        httpTokens: "required",
        // A pod is one hop further away than its node.
        httpPutResponseHopLimit: 1,
        instanceMetadataTags: "disabled",
      },
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: {
            volumeType: "gp3",
            volumeSize: args.rootVolumeGib,
            encrypted: "true",
            kmsKeyId: args.volumeKeyArn,
            deleteOnTermination: "true",
          },
        },
      ],
      ...(args.userData === undefined ? {} : { userData: args.userData }),
      ...(args.capacityReservationId === undefined
        ? {}
        : { capacityReservationSpecification: onlyIn(args.capacityReservationId) }),
      tagSpecifications: ["instance", "volume"].map((resourceType) => ({
        resourceType,
        tags: args.tags,
      })),
      tags: args.tags,
    },
    opts,
  );
}

function onlyIn(capacityReservationId: string) {
  return {
    capacityReservationPreference: "capacity-reservations-only",
    capacityReservationTarget: { capacityReservationId },
  };
}
