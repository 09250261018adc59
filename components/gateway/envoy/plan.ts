import { externalCluster, type ServedModel } from "../../lib/migration/desired.ts";
import type { GatewayConfig, ProviderConfig } from "../../lib/stack/gateway.ts";
import { egressPorts } from "../egress-ports.ts";
import { externalBackends } from "../parts.ts";

/** When an engine is asked for a token, and how long it may take. */
export interface HealthTimes {
  readonly intervalSeconds: number;
  /** Longer than a prompt waits in a full queue, or load alone takes a server out. */
  readonly timeoutSeconds: number;
}

/** All that the configurations of the three proxies follow from. */
export interface GatewayPlan {
  readonly gateway: GatewayConfig;
  /** Address of the Service of the route controller. */
  readonly controllerAddress: string;
  /** Address of the Service of the rate-limit service; asked where the gateway has limits. */
  readonly limitsAddress: string;
  readonly models: readonly ServedModel[];
  /**
   * Whether engines keep the beginnings of prompts, so that each request needs a salt of its team. With a provider
   * in the plan the salt would go out. @default - false
   */
  readonly saltsTeams?: boolean;
  /** @default - every 5 s, for up to 30 s */
  readonly health?: HealthTimes;
}

type TaskClassConfig = GatewayConfig["taskClasses"][number];

export function openClasses({ gateway }: GatewayPlan): readonly TaskClassConfig[] {
  return gateway.taskClasses.filter(({ dataClass }) => dataClass === "public");
}

export function closedClasses({ gateway }: GatewayPlan): readonly TaskClassConfig[] {
  return gateway.taskClasses.filter(({ dataClass }) => dataClass !== "public");
}

/** Models of the stack that these classes use. @throws Error for one that the stack does not have */
export function enginesOf(
  classes: readonly TaskClassConfig[],
  models: readonly ServedModel[],
): readonly ServedModel[] {
  const names = classes.flatMap((one) =>
    one.backends.flatMap((backend) => (backend.kind === "local" ? [backend.model] : [])),
  );
  return [...new Set(names)].map((name) => {
    const found = models.find((model) => model.name === name);
    if (found !== undefined) return found;
    const known = models.map((model) => model.name).join(", ");
    throw new Error(`a task class names the model "${name}"; name one of the stack: ${known}`);
  });
}

/** One way to one model of one provider. */
export interface Road {
  readonly cluster: string;
  /** Listener of the egress gateway. */
  readonly port: number;
  readonly provider: ProviderConfig;
  /** What the provider calls the model. */
  readonly model: string;
}

/** Every way out of a stack, in the order of its ports; the schema sees to it that no two share a cluster. */
export function roadsOut(plan: GatewayPlan): readonly Road[] {
  const byCluster = new Map(
    externalBackends(plan.gateway).map((backend) => [
      externalCluster(backend.provider, backend.model),
      backend,
    ]),
  );
  return [...egressPorts(byCluster.keys())].flatMap(([cluster, port]) => {
    const backend = byCluster.get(cluster);
    const provider = plan.gateway.providers.find(({ name }) => name === backend?.provider);
    if (backend === undefined || provider === undefined) {
      throw new Error(`${cluster} leads to no provider of the gateway; list it under providers`);
    }
    return [{ cluster, port, provider, model: backend.model }];
  });
}

/** All addresses of a pod, of the family of the cluster's Services. */
export function everyAddress({ controllerAddress }: GatewayPlan): string {
  return controllerAddress.includes(":") ? "::" : "0.0.0.0";
}
