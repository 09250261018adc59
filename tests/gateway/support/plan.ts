import type { GatewayPlan } from "../../../components/gateway/envoy/plan.ts";
import { type GatewayConfig, gatewaySchema } from "../../../components/lib/stack/gateway.ts";

/** As a stack file has it: two public classes, one internal, one restricted; two providers, two models. */
export const goodGateway = {
  publicModel: "house-model",
  tls: { kind: "secret", secret: "gateway-tls" },
  clients: [{ namespace: "applications" }],
  phase: "expand",
  providers: [
    {
      name: "openai",
      host: "api.openai.com",
      api: { kind: "openai" },
      keySecret: "openai-key",
      reach: { kind: "forward-proxy", address: "10.20.0.5", port: 3128 },
    },
    {
      name: "azure",
      host: "house.openai.azure.com",
      api: { kind: "azure-openai", apiVersion: "2024-10-21" },
      keySecret: "azure-key",
      reach: { kind: "internet" },
    },
  ],
  taskClasses: [
    {
      name: "chat",
      criticality: "medium",
      dataClass: "public",
      failover: true,
      backends: [
        { kind: "local", name: "own", model: "large" },
        { kind: "external", name: "openai", provider: "openai", model: "gpt-5" },
      ],
    },
    {
      name: "summary",
      criticality: "medium",
      dataClass: "public",
      backends: [
        { kind: "local", name: "own", model: "large" },
        { kind: "external", name: "azure", provider: "azure", model: "gpt-5-mini" },
      ],
    },
    {
      name: "tickets",
      criticality: "medium",
      dataClass: "internal",
      backends: [{ kind: "local", name: "own", model: "large" }],
    },
    {
      name: "contracts",
      criticality: "critical",
      dataClass: "restricted",
      backends: [{ kind: "local", name: "own", model: "small" }],
    },
  ],
} as const;

/** @throws Error with what the schema says against it */
export function parsedGateway(gateway: unknown = goodGateway): GatewayConfig {
  const parsed = gatewaySchema.parse(gateway);
  if (parsed === undefined) throw new Error("the gateway is empty");
  return parsed;
}

export const goodPlan: GatewayPlan = {
  gateway: parsedGateway(),
  controllerAddress: "10.96.0.32",
  limitsAddress: "10.96.0.33",
  models: [
    { name: "large", servedName: "house-model" },
    { name: "small", servedName: "house-model" },
  ],
};
