import { engines } from "../../components/engines/engines.ts";
import type { Autoscaling } from "../../components/model-server/autoscaling.ts";
import { prometheusAddress } from "../../components/monitoring/values.ts";
import type { Fault } from "./faults.ts";
import type { ModelConfig } from "./models.ts";
import type { PlatformConfig } from "./platform.ts";

/** What decides whether an autoscaler can work. */
interface Surroundings {
  readonly cluster: Pick<PlatformConfig["cluster"], "kind">;
  /** `undefined`: it has faults of its own. */
  readonly monitoring: PlatformConfig["monitoring"] | undefined;
}

/** Models that ask for an autoscaler where none could decide anything. */
export function autoscalingFaults(
  models: readonly ModelConfig[],
  { cluster, monitoring }: Surroundings,
): Fault[] {
  const scaled = models.flatMap(({ autoscaling }, index) =>
    autoscaling === undefined ? [] : [["models", index, "autoscaling"]],
  );
  if (cluster.kind === "local") {
    const message =
      "a local cluster runs neither KEDA nor an engine whose queue could grow; leave it out, replicas says how many run";
    return scaled.map((path) => ({ path, message }));
  }
  const blind = models.flatMap(({ autoscaling, engine }, index) =>
    autoscaling === undefined || engines[engine].metrics !== undefined
      ? []
      : [
          {
            path: ["models", index, "autoscaling"],
            message: `${engine} has no metric whose name was read, so nothing says how many requests wait; leave it out, replicas says how many run`,
          },
        ],
  );
  if (scaled.length === blind.length || monitoring?.kind !== "existing") return blind;
  if (monitoring.prometheusUrl !== undefined) return blind;
  const message =
    "missing; models with autoscaling need the base URL of the Prometheus that reads the engines, such as http://prometheus.monitoring.svc:9090";
  return [...blind, { path: ["monitoring", "prometheusUrl"], message }];
}

/** How a model is scaled, where the stack asks for it. */
export function autoscalingOf(
  { autoscaling }: ModelConfig,
  { monitoring, namespaces }: Pick<PlatformConfig, "monitoring" | "namespaces">,
): { readonly autoscaling?: Autoscaling } {
  if (autoscaling === undefined) return {};
  const prometheus =
    monitoring.kind === "chart"
      ? prometheusAddress(namespaces.monitoring)
      : monitoring.prometheusUrl;
  if (prometheus === undefined) throw new Error("parsing refuses autoscaling without a Prometheus");
  return { autoscaling: { ...autoscaling, prometheus } };
}
