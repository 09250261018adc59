import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import { blockTimes } from "../components/cluster/eks/capacity-block.ts";
import { ClusterDns } from "../components/cluster/eks/cluster-dns.ts";
import { EksCluster } from "../components/cluster/eks/eks-cluster.ts";
import { ImageRepositories } from "../components/cluster/eks/image-repositories.ts";
import { WeightsBucket } from "../components/cluster/eks/weights-bucket.ts";
import type { ClusterLayerConfig } from "./config/cluster-layer.ts";
import { imageRepositories } from "./config/image-repositories.ts";
import type { ClusterOutputs } from "./outputs.ts";

/** The cluster layer: a private EKS cluster with its GPU pools. */
export function deployCluster(stack: ClusterLayerConfig): ClusterOutputs {
  const {
    kind: _,
    addonVersions,
    imageRepositories: mirrors,
    weightsBucket,
    ...args
  } = stack.cluster;
  const { coreDns, ...addons } = addonVersions;
  const provider = new aws.Provider("aws", {
    region: args.region,
    allowedAccountIds: [args.accountId],
    defaultTags: { tags: args.tags },
  });
  const cluster = new EksCluster("cluster", { ...args, addonVersions: addons }, { provider });
  const common = { accountId: args.accountId, tags: args.tags };
  const repositories = mirrors
    ? new ImageRepositories(
        "images",
        { ...common, repositories: imageRepositories(stack.registry) },
        { provider },
      )
    : undefined;
  const weights =
    weightsBucket === undefined
      ? undefined
      : new WeightsBucket(
          "weights",
          { ...common, bucket: weightsBucket.name, endpointId: cluster.s3EndpointId },
          { provider },
        );
  const kubernetes = new k8s.Provider("cluster", { kubeconfig: cluster.kubeconfig });
  new ClusterDns(
    "dns",
    {
      clusterName: cluster.clusterName,
      version: coreDns,
      vpcCidr: args.vpcCidr,
      serviceCidr: args.serviceCidr,
      tags: args.tags,
      waitFor: [cluster.systemNodes],
    },
    { providers: [provider, kubernetes] },
  );
  return {
    kubeconfig: cluster.kubeconfig,
    clusterName: cluster.clusterName,
    imageRepositories: repositories?.urls ?? [],
    ...(weights === undefined
      ? {}
      : { weightsBucket: weights.bucket, weightsKeyArn: weights.keyArn }),
    capacityBlocks: blockTimes(args.gpuPools),
  };
}
