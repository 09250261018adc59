import { z } from "zod";
import { addressFaults } from "../../components/cluster/bare-metal/address-faults.ts";
import { eksFaults } from "../../components/cluster/eks/eks-faults.ts";
import { catalogue } from "../../components/lib/models/catalogue.ts";
import { policiesSchema } from "../../components/lib/stack/policies.ts";
import { autoscalingFaults } from "./autoscaling.ts";
import { capacityFaults } from "./capacity.ts";
import type { KnownModels } from "./chosen-model.ts";
import { type ClusterLayerConfig, clusterLayerSchema, eksSchema } from "./cluster-layer.ts";
import { engineFaults } from "./engines.ts";
import { modelArgFaults } from "./extra-args.ts";
import { ConfigError, type Fault, faultsOf } from "./faults.ts";
import { driverFaults, fitFaults } from "./fit.ts";
import { gatewayFaults } from "./gateway.ts";
import { repositoryFaults } from "./image-repositories.ts";
import { modelShapeOf } from "./models.ts";
import { ownModels } from "./own-models.ts";
import {
  clusterSchema,
  gpuNodes,
  gpuOperatorSchema,
  monitoringSchema,
  type PlatformConfig,
  platformSchemaOf,
} from "./platform.ts";
import { prefixCacheFaults } from "./prefix-cache.ts";
import { noFiles, type ReadFile } from "./repository-file.ts";
import { weightsFaults } from "./weights.ts";

export type StackConfig = ClusterLayerConfig | PlatformConfig;

/** Keys that hold secrets; read by name where they are used and never parsed here. */
export const secretKeys: ReadonlySet<string> = new Set(["kubeconfig"]);

/**
 * The stack file as the program uses it.
 * @param raw values by key, without the project's prefix and without secrets
 * @param readFile reads files that the stack file names
 * @throws ConfigError with every fault
 */
export function parseStack(
  raw: Readonly<Record<string, unknown>>,
  project: string,
  readFile: ReadFile = noFiles,
): StackConfig {
  switch (raw["layer"]) {
    case "cluster":
      return parseWith(clusterLayerSchema, raw, project, clusterFaults(raw));
    case "platform":
      return parsePlatform(raw, project, readFile);
    default:
      throw new ConfigError(
        [
          {
            path: ["layer"],
            message:
              raw["layer"] === undefined
                ? "missing; set cluster or platform"
                : `${JSON.stringify(raw["layer"])} is neither cluster nor platform`,
          },
        ],
        project,
      );
  }
}

/** Models of the site's own come first: the rest of the stack may name them. */
function parsePlatform(
  raw: Readonly<Record<string, unknown>>,
  project: string,
  readFile: ReadFile,
): PlatformConfig {
  const { catalogue: declared, ...rest } = raw;
  const own = ownModels(declared, readFile);
  const known = { ...catalogue, ...own.models };
  const faults = [...own.faults, ...platformFaults(rest, known)];
  return parseWith(platformSchemaOf(known), rest, project, faults);
}

function parseWith<T>(
  schema: z.ZodType<T>,
  raw: Readonly<Record<string, unknown>>,
  project: string,
  more: readonly Fault[],
): T {
  const parsed = schema.safeParse(raw);
  if (parsed.success && more.length === 0) return parsed.data;
  const faults = parsed.success ? more : [...faultsOf(parsed.error, raw), ...more];
  throw new ConfigError(faults, project);
}

function clusterFaults(raw: Readonly<Record<string, unknown>>): Fault[] {
  const cluster = eksSchema.safeParse(raw["cluster"]);
  if (!cluster.success) return [];
  return [
    ...eksFaults(cluster.data).map((message) => ({ path: ["cluster"], message })),
    ...repositoryFaults(cluster.data, raw["registry"]),
  ];
}

/** Checks across sections; each looks at the sections it needs, whatever is wrong elsewhere. */
function platformFaults(raw: Readonly<Record<string, unknown>>, known: KnownModels): Fault[] {
  const faults = hostFaults(raw["cluster"]);
  const cluster = clusterSchema.safeParse(raw["cluster"]);
  if (!cluster.success) return faults;
  const models = z.array(modelShapeOf(known)).safeParse(raw["models"]);
  if (models.success) {
    const pool = gpuNodes(cluster.data);
    const surge = z.object({ spareGpus: z.literal(true) }).safeParse(raw["policies"]).success;
    faults.push(...capacityFaults(models.data, pool, surge), ...fitFaults(models.data, pool));
    faults.push(...engineFaults(models.data, cluster.data.kind, raw["gateway"]));
    const policies = reviewedSchema.safeParse(raw["policies"] ?? {});
    faults.push(...prefixCacheFaults(models.data, raw["gateway"]));
    faults.push(...modelArgFaults(models.data, policies.data?.engineFlags ?? []));
  }
  const monitored = monitoringSchema.safeParse(raw["monitoring"]);
  if (models.success) {
    const surroundings = { cluster: cluster.data, monitoring: monitored.data };
    faults.push(...autoscalingFaults(models.data, surroundings));
  }
  const operator = gpuOperatorSchema.safeParse(raw["gpuOperator"]);
  if (operator.success) faults.push(...driverFaults(operator.data));
  faults.push(
    ...gatewayFaults(
      raw["gateway"],
      { models: raw["models"], namespaces: raw["namespaces"] },
      cluster.data,
    ),
  );
  faults.push(...weightsFaults(raw["weights"], cluster.data));
  const monitoring = z.object({ kind: z.literal("chart") }).safeParse(raw["monitoring"]);
  if (monitoring.success && cluster.data.kind === "local") {
    faults.push({
      path: ["monitoring", "kind"],
      message: "chart needs containers that run; on a local cluster use existing",
    });
  }
  return faults;
}

/** Read by itself, whatever else is wrong among the policies. */
const reviewedSchema = policiesSchema.pick({ engineFlags: true }).strip();

const range = z.string().optional().catch(undefined);
const placedHosts = z.object({
  hosts: z.array(z.unknown()),
  network: z
    .object({ nodeCidr: range, podCidr: range, serviceCidr: range })
    .catch({ nodeCidr: undefined, podCidr: undefined, serviceCidr: undefined }),
});

/** Addresses are held against each range that can be read, whatever is wrong with another. */
function hostFaults(cluster: unknown): Fault[] {
  const placed = placedHosts.safeParse(cluster);
  if (!placed.success) return [];
  const { hosts, network } = placed.data;
  return addressFaults(hosts, network).map(({ path, message }) => ({
    path: ["cluster", "hosts", ...path],
    message,
  }));
}
