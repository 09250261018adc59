import { unknown } from "../../../policies/model/value.ts";
import type { Leak } from "../leak.ts";
import { add, aws, edit, withImages } from "../support/change.ts";
import { append, replace, set, unset } from "../support/edit.ts";
import { enginePod } from "../support/engine.ts";
import {
  allowEgress,
  block,
  container,
  cronJob,
  engineLabels,
  podSpec,
} from "../support/objects.ts";

const web = { protocol: "TCP", port: 80 };

/** Metadata services and the network below the cluster. Rows 27 to 30. */
export const metadata: readonly Leak[] = [
  {
    row: 27,
    title: "Credentials of the node or the pod from a metadata address",
    catchers: ["E09", "S05"],
    column: "policy",
    variants: [
      {
        name: "instance-metadata",
        title: "the engine may ask the instance metadata service, for its zone",
        stack: "staging",
        change: add(
          allowEgress("inference/zone", [{ to: [block("169.254.169.254/32")], ports: [web] }], {
            matchLabels: engineLabels,
          }),
        ),
      },
      {
        name: "pod-identity",
        title: "the addresses of Pod Identity, one per family",
        stack: "staging",
        change: add(
          allowEgress("inference/identity", [
            { to: [block("169.254.170.23/32"), block("fd00:ec2::23/128")], ports: [web] },
          ]),
        ),
      },
      {
        name: "other-clouds",
        title: "addresses of other clouds, which no private range covers",
        stack: "prod",
        change: add(
          allowEgress("inference/health", [
            { to: [block("168.63.129.16/32"), block("100.100.100.200/32")], ports: [web] },
          ]),
        ),
      },
      {
        name: "two-hops",
        title: "answers of the metadata service reach one hop further, into pods",
        stack: "staging-cluster",
        change: edit(
          "LaunchTemplate",
          "cluster-a100",
          set("metadataOptions.httpPutResponseHopLimit", 2),
        ),
      },
      {
        name: "without-token",
        title: "the metadata service answers without a session token",
        stack: "staging-cluster",
        change: edit(
          "LaunchTemplate",
          "cluster-a100",
          set("metadataOptions.httpTokens", "optional"),
        ),
      },
      {
        name: "options-left-out",
        title: "the system nodes' metadata options are left to their defaults",
        stack: "staging-cluster",
        change: edit("LaunchTemplate", "cluster-system", unset("metadataOptions")),
      },
    ],
  },
  {
    row: 28,
    title: "A route or a security group lets nodes, and so pods without policy, out",
    catchers: ["S04"],
    column: "policy",
    variants: [
      {
        name: "internet-gateway",
        title: "an internet gateway and a default route",
        stack: "staging-cluster",
        change: add(
          aws("ec2/internetGateway", "igw", { vpcId: unknown }),
          aws("ec2/route", "default", {
            routeTableId: unknown,
            destinationCidrBlock: "0.0.0.0/0",
            gatewayId: unknown,
          }),
        ),
      },
      {
        name: "nat-inline",
        title: "a default route to a NAT gateway, written inside the route table",
        stack: "staging-cluster",
        change: edit(
          "RouteTable",
          "cluster-private",
          append("routes", { cidrBlock: "0.0.0.0/0", natGatewayId: unknown }),
        ),
      },
      {
        name: "egress-only-ipv6",
        title: "an egress-only gateway for IPv6",
        stack: "staging-cluster",
        change: add(
          aws("ec2/egressOnlyInternetGateway", "eigw", { vpcId: unknown }),
          aws("ec2/route", "default-six", {
            routeTableId: unknown,
            destinationIpv6CidrBlock: "::/0",
            egressOnlyGatewayId: unknown,
          }),
        ),
      },
      {
        name: "transit",
        title: "the default route leads to the company's network, which has the internet",
        stack: "staging-cluster",
        change: add(
          aws("ec2/route", "corporate", {
            routeTableId: unknown,
            destinationCidrBlock: "0.0.0.0/0",
            transitGatewayId: unknown,
          }),
        ),
      },
      {
        name: "open-group",
        title: "the nodes' security group permits all egress",
        stack: "staging-cluster",
        change: add(
          aws("vpc/securityGroupEgressRule", "nodes-all", {
            securityGroupId: unknown,
            cidrIpv4: "0.0.0.0/0",
            ipProtocol: "-1",
          }),
        ),
      },
      {
        name: "group-of-eks",
        title: "the launch template names no group, so EKS attaches its own open one",
        stack: "staging-cluster",
        change: edit("LaunchTemplate", "cluster-a100", unset("vpcSecurityGroupIds")),
      },
    ],
  },
  {
    row: 29,
    title: "An endpoint of the VPC that serves anybody's keys and anybody's buckets",
    catchers: ["S03"],
    column: "policy",
    variants: [
      {
        name: "no-policy",
        title: "the S3 endpoint has no policy, which means full access",
        stack: "staging-cluster",
        change: edit("VpcEndpoint", "cluster-s3", unset("policy")),
      },
      {
        name: "foreign-buckets",
        title: "own principals may write to buckets of any account",
        stack: "staging-cluster",
        change: edit(
          "VpcEndpoint",
          "cluster-s3",
          replace("policy", '"aws:ResourceOrgID":"o-a1b2c3d4e5",', ""),
        ),
      },
      {
        name: "if-exists",
        title: "the condition holds as well where the key is absent, as for foreign callers",
        stack: "staging-cluster",
        change: edit(
          "VpcEndpoint",
          "cluster-s3",
          replace("policy", '"StringEquals"', '"StringEqualsIfExists"'),
        ),
      },
      {
        name: "new-service",
        title: "an endpoint to one more service, without a policy",
        stack: "staging-cluster",
        change: add(
          aws("ec2/vpcEndpoint", "sqs", {
            vpcId: unknown,
            serviceName: "com.amazonaws.us-east-1.sqs",
            vpcEndpointType: "Interface",
            privateDnsEnabled: true,
            subnetIds: [unknown],
            securityGroupIds: [unknown],
          }),
        ),
      },
    ],
  },
  {
    row: 30,
    title: "A pod on the host's network, which hardly any policy reaches",
    catchers: ["E15"],
    column: "admission",
    variants: [
      {
        name: "engine",
        title: "the engine takes the host's network for a faster fabric",
        stack: "prod",
        change: enginePod(set("spec.hostNetwork", true)),
      },
      {
        name: "nightly-job",
        title: "a nightly job in the inference namespace takes it",
        stack: "staging",
        change: withImages((image) =>
          add(
            ...cronJob(
              "inference/backup",
              podSpec("backup", [container("copy", image("docker.io/rclone/rclone"))], {
                hostNetwork: true,
              }),
            ),
          ),
        ),
      },
    ],
  },
];
