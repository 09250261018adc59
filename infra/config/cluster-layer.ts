import { z } from "zod";
import { gpuNodeImages } from "../../components/cluster/eks/node-images.ts";
import { gpuInstanceTypes } from "../../components/lib/instance-types.ts";
import { keysOf } from "../../components/lib/keys-of.ts";
import { policiesSchema } from "../../components/lib/stack/policies.ts";
import { registrySchema } from "../../components/lib/stack/registry.ts";
import { absentObject, count, fleet, noneOrFleet } from "./common.ts";

/** An image release or add-on version as AWS names it; `latest` is no version. */
const pinned = z.string().regex(/\d/, "must be a pinned version, such as 1.36.1-20261105");

const systemNodes = z.strictObject({
  instanceType: z.string().min(1),
  count: fleet,
  releaseVersion: pinned,
  rootVolumeGib: count,
});

const reservedCapacity = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("on-demand-reservation"), reservationId: z.string() }),
  z.strictObject({
    kind: z.literal("capacity-block"),
    reservationId: z.string(),
    instances: fleet,
    starts: z.string(),
    ends: z.string(),
  }),
]);

const gpuPool = z.strictObject({
  name: z.string().min(1),
  instanceType: keysOf(gpuInstanceTypes),
  zone: z.string().min(1),
  // 0 only in a Capacity Block, which the faults of the cluster tell.
  count: noneOrFleet,
  minCount: noneOrFleet.exactOptional(),
  maxCount: fleet.exactOptional(),
  amiType: keysOf(gpuNodeImages).exactOptional(),
  releaseVersion: pinned,
  rootVolumeGib: count,
  nodeRepair: z.boolean().exactOptional(),
  efa: z.boolean().exactOptional(),
  placementGroup: z.boolean().exactOptional(),
  capacity: reservedCapacity.exactOptional(),
});

/** A private EKS cluster; what the fields mean stands at `EksClusterArgs`. */
export const eksSchema = z.strictObject({
  kind: z.literal("eks"),
  clusterName: z.string(),
  region: z.string(),
  accountId: z.string(),
  organizationId: z.string().exactOptional(),
  zones: z.array(z.string()),
  existingVpcId: z.string().exactOptional(),
  vpcCidr: z.string(),
  serviceCidr: z.string(),
  kubernetesVersion: z.string(),
  addonVersions: z.strictObject({
    vpcCni: pinned,
    kubeProxy: pinned,
    podIdentityAgent: pinned,
    nodeMonitoringAgent: pinned.exactOptional(),
    /** Cluster DNS; deployed once nodes and its network policy stand. */
    coreDns: pinned,
  }),
  adminPrincipals: z.array(z.string()),
  apiClientCidrs: z.array(z.string()).exactOptional(),
  systemNodes,
  gpuPools: z.array(gpuPool).min(1, "name at least one GPU pool"),
  logRetentionDays: count,
  /** Whether every image of the lock gets a repository in ECR, which `registry` then names. */
  imageRepositories: z.boolean().default(false),
  /** Private bucket for model weights. */
  weightsBucket: z
    .strictObject({
      name: z
        .string()
        .regex(
          /^(?!xn--|sthree-)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
          "must be 3 to 63 lower-case letters, digits and hyphens",
        ),
    })
    .exactOptional(),
  tags: z.record(z.string(), z.string()).default({}),
});

/** The lower half of an environment: network, Kubernetes and GPU nodes on AWS. */
export const clusterLayerSchema = z.strictObject({
  layer: z.literal("cluster"),
  cluster: eksSchema,
  registry: registrySchema,
  namespaces: absentObject,
  charts: absentObject,
  gpuOperator: absentObject,
  monitoring: absentObject,
  access: absentObject,
  probe: absentObject.optional(),
  gateway: absentObject.optional(),
  weights: absentObject.optional(),
  catalogue: absentObject.optional(),
  policies: policiesSchema.prefault({}),
  models: z.array(z.never()).max(0, "belongs to layer platform; remove it"),
});

export type ClusterLayerConfig = z.infer<typeof clusterLayerSchema>;
