import * as path from "node:path";
import type * as k8s from "@pulumi/kubernetes";

/** A chart and the version of it that was read. */
export interface PinnedChart {
  /** Upstream repository URL. */
  readonly repository: string;
  readonly chart: string;
  readonly version: string;
}

/** Where charts come from. */
export type ChartSource =
  /** Each chart's own upstream repository. */
  | { readonly kind: "upstream" }
  /** One OCI registry folder that holds mirrored charts, such as `oci://registry.internal.example/charts`. */
  | { readonly kind: "oci"; readonly url: string }
  /** A local folder with one unpacked chart per subfolder; absolute path. */
  | { readonly kind: "directory"; readonly path: string };

type ChartLocation = Pick<k8s.helm.v4.ChartArgs, "chart" | "version" | "repositoryOpts">;

/** Arguments of `helm.v4.Chart` that say which chart it is. */
export function chartLocation(chart: PinnedChart, source: ChartSource): ChartLocation {
  switch (source.kind) {
    case "upstream":
      return {
        chart: chart.chart,
        version: chart.version,
        repositoryOpts: { repo: chart.repository },
      };
    case "oci":
      return { chart: `${source.url}/${chart.chart}`, version: chart.version };
    case "directory":
      return { chart: path.join(source.path, chart.chart), version: chart.version };
    default:
      source satisfies never;
      throw new Error("unreachable");
  }
}
