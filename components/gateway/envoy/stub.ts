import type { GatewayConfig } from "../../lib/stack/gateway.ts";

export interface GatewayPlan {
  readonly gateway: GatewayConfig;
  readonly controllerAddress: string;
  readonly models: readonly { readonly name: string; readonly servedName: string }[];
}
export const openBootstrap = (plan: GatewayPlan): object | undefined =>
  plan.gateway.taskClasses.some(({ dataClass }) => dataClass === "public") ? {} : undefined;
export const closedBootstrap = (plan: GatewayPlan): object | undefined =>
  plan.gateway.taskClasses.some(({ dataClass }) => dataClass !== "public") ? {} : undefined;
export const egressBootstrap = (plan: GatewayPlan): object | undefined =>
  plan.gateway.taskClasses.some(({ backends }) => backends.some(({ kind }) => kind === "external"))
    ? {}
    : undefined;
export const keysResource = (
  keys: readonly { readonly key: string; readonly client: string }[],
): object => ({ keys });
