import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type ChartSource, chartLocation, type PinnedChart } from "../lib/charts.ts";
import type { Registry } from "../lib/images.ts";
import {
  type DriverOwner,
  type GpuOperatorImages,
  gpuOperatorValues,
  operandImages,
  packageSourcesName,
} from "./values.ts";

export interface GpuOperatorArgs {
  /** Namespace of the operator; must exist and admit privileged pods. */
  readonly namespace: string;
  readonly chart: PinnedChart;
  readonly source: ChartSource;
  readonly images: GpuOperatorImages;
  readonly registry: Registry;
  readonly driver: DriverOwner;
  /**
   * Files of package sources that the driver container installs from, by name.
   * @default - none: the node image carries the driver
   */
  readonly packageSources?: Readonly<Record<string, string>>;
}

/** The NVIDIA GPU operator as a chart whose children policies can see. */
export class GpuOperator extends pulumi.ComponentResource {
  constructor(name: string, args: GpuOperatorArgs, opts: pulumi.ComponentResourceOptions) {
    const { namespace, chart, source, images, registry, driver, packageSources } = args;
    super(
      "llm:gpu:GpuOperator",
      name,
      { namespace, chart, driver, operandImages: operandImages(images, registry, driver) },
      opts,
    );
    const sources =
      packageSources === undefined
        ? undefined
        : new k8s.core.v1.ConfigMap(
            `${name}-package-sources`,
            { metadata: { name: packageSourcesName, namespace }, data: { ...packageSources } },
            { parent: this },
          );
    new k8s.helm.v4.Chart(
      name,
      {
        ...chartLocation(chart, source),
        namespace,
        values: gpuOperatorValues(images, registry, driver, packageSources !== undefined),
      },
      { parent: this, dependsOn: sources === undefined ? [] : [sources] },
    );
    this.registerOutputs({});
  }
}
