import { z } from "zod";
import { gpuPool, inventorySchema } from "../../components/cluster/bare-metal/inventory.ts";
import { gatewaySchema } from "../../components/lib/stack/gateway.ts";
import { dnsLabel, namespacesSchema } from "../../components/lib/stack/namespaces.ts";
import { networkSchema } from "../../components/lib/stack/network.ts";
import { policiesSchema } from "../../components/lib/stack/policies.ts";
import { registrySchema } from "../../components/lib/stack/registry.ts";
import { weightsSchema } from "../../components/lib/stack/weights.ts";
import { accessSchema } from "./access.ts";
import type { KnownModels } from "./chosen-model.ts";
import { count, fleet, gpuModel } from "./common.ts";
import { modelSchemaOf } from "./models.ts";
import { probeSchema } from "./probe.ts";

const nodes = z.strictObject({ gpu: gpuModel, gpusPerNode: count, count: fleet });
const storage = z.strictObject({
  /** Storage class whose volumes many nodes may read at once, for weights. */
  weightsClass: dnsLabel,
  /** Storage class for the volumes of Prometheus and of the gateway's counter. */
  metricsClass: dnsLabel,
});
const context = z.string().min(1);
const text = z.string().min(1);
const fileName = /^[\w][\w.-]*$/;

/** The cluster that the platform runs on. */
export const clusterSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("local"), context, network: networkSchema, nodes }),
  z.strictObject({
    kind: z.literal("eks"),
    /** Stack of layer cluster that made it, as `organization/project/stack`. */
    clusterStack: z.string().regex(/^[^/]+\/[^/]+\/[^/]+$/, "must be organization/project/stack"),
    network: networkSchema,
    nodes,
    storage,
  }),
  z.strictObject({
    kind: z.literal("bare-metal"),
    context,
    network: networkSchema,
    storage,
    hosts: inventorySchema,
  }),
]);

export const chartSourceSchema = z.union([
  z.strictObject({ kind: z.literal("upstream") }),
  z.strictObject({
    kind: z.literal("oci"),
    url: z.string().regex(/^oci:\/\/\S+[^/]$/, "must start with oci:// and not end in a slash"),
  }),
  z.strictObject({
    kind: z.literal("directory"),
    /** Folder with one unpacked chart per subfolder, relative to the repository root. */
    path: z.string().min(1),
  }),
  z.strictObject({}).transform(() => ({ kind: "upstream" as const })),
]);

export const gpuOperatorSchema = z.discriminatedUnion("kind", [
  z
    .strictObject({
      kind: z.literal("chart"),
      /** Who brings driver and container toolkit to the nodes. */
      driver: z.enum(["image", "operator"]),
      /** Files of package sources for the driver container, by name, such as `site.list`. */
      packageSources: z.record(z.string(), text).exactOptional(),
      /** Driver of the node image, such as `580.65.06`; the operator's own is in versions.ts. */
      driverVersion: text.exactOptional(),
    })
    .superRefine(({ driver, driverVersion, packageSources = {} }, refinement) => {
      if (driver === "operator" && driverVersion !== undefined) {
        const message =
          "belongs to driver image; the operator installs the one of infra/versions.ts";
        refinement.addIssue({ code: "custom", path: ["driverVersion"], message });
      }
      const names = Object.keys(packageSources);
      for (const name of names.filter((each) => !fileName.test(each))) {
        const message = `"${name}" is no file name; write one such as site.list`;
        refinement.addIssue({ code: "custom", path: ["packageSources", name], message });
      }
      const given = names.length > 0;
      if (given === (driver === "operator")) return;
      const message = given
        ? "belongs to driver operator; an image with a driver downloads no packages"
        : "missing; name the site's own package mirror, since the driver container would ask the internet";
      refinement.addIssue({ code: "custom", path: ["packageSources"], message });
    }),
  z.strictObject({
    kind: z.literal("existing"),
    /** Driver that its nodes have, such as `580.65.06`. */
    driverVersion: text.exactOptional(),
  }),
]);

export const monitoringSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("chart") }),
  z.strictObject({
    kind: z.literal("existing"),
    /** Labels by which its Prometheus selects monitors and rules. */
    labels: z.record(z.string(), z.string()).optional(),
    /** Where KEDA asks it, for models with `autoscaling`. */
    prometheusUrl: z
      .string()
      .regex(
        /^https?:\/\/[a-z0-9.-]+(?::\d{1,5})?(?:\/[\w./-]*)?$/,
        "must be a URL such as http://prometheus.monitoring.svc:9090",
      )
      .exactOptional(),
  }),
]);

/** @param known models that the stack may name */
export function platformSchemaOf(known: KnownModels) {
  return z.strictObject({
    layer: z.literal("platform"),
    cluster: clusterSchema,
    registry: registrySchema,
    namespaces: namespacesSchema,
    charts: chartSourceSchema,
    gpuOperator: gpuOperatorSchema,
    monitoring: monitoringSchema,
    access: accessSchema,
    policies: policiesSchema.prefault({}),
    probe: probeSchema,
    gateway: gatewaySchema,
    weights: weightsSchema.prefault({}),
    models: z.array(modelSchemaOf(known)).min(1, "name at least one model to serve"),
  });
}

export type PlatformConfig = z.infer<ReturnType<typeof platformSchemaOf>>;
export type PlatformCluster = PlatformConfig["cluster"];

/** GPU model, GPUs per node and number of nodes, whichever way the cluster states them. */
export function gpuNodes(cluster: z.infer<typeof clusterSchema>) {
  return cluster.kind === "bare-metal" ? gpuPool(cluster.hosts) : cluster.nodes;
}
