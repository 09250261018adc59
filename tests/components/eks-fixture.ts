import { Provider } from "@pulumi/aws/provider.js";
import type { EksClusterArgs } from "../../components/cluster/eks/eks-args.ts";
import { EksCluster } from "../../components/cluster/eks/eks-cluster.ts";
import type { GpuPoolArgs } from "../../components/cluster/eks/gpu-pool-args.ts";
import type { Deployment, Registered } from "./lib/deploy.ts";

export const gpuPool: GpuPoolArgs = {
  name: "p4de",
  instanceType: "p4de.24xlarge",
  zone: "us-east-1b",
  count: 2,
  releaseVersion: "1.36.1-20261105",
  rootVolumeGib: 200,
};

export const clusterArgs: EksClusterArgs = {
  clusterName: "staging",
  region: "us-east-1",
  accountId: "123456789012",
  zones: ["us-east-1a", "us-east-1b"],
  vpcCidr: "10.40.0.0/16",
  serviceCidr: "172.20.0.0/16",
  kubernetesVersion: "1.36",
  addonVersions: {
    vpcCni: "v1.21.1-eksbuild.1",
    kubeProxy: "v1.36.0-eksbuild.2",
    podIdentityAgent: "v1.3.10-eksbuild.2",
  },
  adminPrincipals: ["arn:aws:iam::123456789012:role/platform/admin"],
  systemNodes: {
    instanceType: "m7i.xlarge",
    count: 2,
    releaseVersion: "1.36.1-20261105",
    rootVolumeGib: 50,
  },
  gpuPools: [gpuPool],
  logRetentionDays: 365,
  tags: { project: "private-llm" },
};

/** A program with one cluster; `change` replaces arguments of the fixture. */
export function clusterProgram(change: Partial<EksClusterArgs> = {}) {
  return () => {
    const provider = new Provider("aws", { region: "us-east-1" });
    const cluster = new EksCluster("staging", { ...clusterArgs, ...change }, { provider });
    return {
      clusterName: cluster.clusterName,
      kubeconfig: cluster.kubeconfig,
      vpcId: cluster.vpcId,
    };
  };
}

/** All resources of a type, by its last part: `Vpc`, `NodeGroup`. */
export function ofType(deployment: Deployment, type: string): readonly Registered[] {
  return deployment.resources.filter((resource) => resource.type.endsWith(`:${type}`));
}

/** The only resource of a type, or the one of that name. */
export function one(deployment: Deployment, type: string, name?: string): Registered {
  const found = ofType(deployment, type).filter(
    (resource) => name === undefined || resource.name === name,
  );
  const [resource] = found;
  if (resource === undefined || found.length > 1) {
    throw new Error(`${found.length} resources ${type} ${name ?? ""}; wanted one`);
  }
  return resource;
}

/** A JSON document that a resource holds as text. */
export function json(text: unknown): unknown {
  if (typeof text !== "string") throw new Error(`${JSON.stringify(text)} is no text`);
  return JSON.parse(text);
}
