import {
  type Desired,
  desiredRoutes,
  engineCluster,
  externalCluster,
} from "../../../components/lib/migration/desired.ts";
import { gatewaySchema } from "../../../components/lib/stack/gateway.ts";

export const local = engineCluster("llama");
export const outside = externalCluster("openai", "gpt-4-turbo");

/** Two classes that may leave and two that may not, in the phase that moves nothing. */
export function desiredOf(change: Readonly<Record<string, unknown>> = {}): Desired {
  const selfHosted = { kind: "local", name: "self-hosted", model: "llama" };
  const provider = {
    kind: "external",
    name: "gpt-4-turbo",
    provider: "openai",
    model: "gpt-4-turbo",
  };
  const gateway = gatewaySchema.parse({
    publicModel: "llama",
    tls: { kind: "development" },
    clients: [{ cidr: "10.0.0.0/8" }],
    phase: "poc",
    providers: [
      {
        name: "openai",
        host: "api.openai.example",
        api: { kind: "openai" },
        keySecret: "openai",
        reach: { kind: "internet" },
      },
    ],
    taskClasses: [
      {
        name: "log-analysis",
        criticality: "non-critical",
        dataClass: "public",
        backends: [selfHosted, provider],
      },
      {
        name: "customer-support",
        criticality: "critical",
        dataClass: "public",
        backends: [selfHosted, provider],
      },
      {
        name: "own-only",
        criticality: "medium",
        dataClass: "public",
        backends: [selfHosted],
      },
      {
        name: "contract-review",
        criticality: "critical",
        dataClass: "restricted",
        backends: [selfHosted],
      },
    ],
    ...change,
  });
  if (gateway === undefined) throw new Error("no gateway");
  return desiredRoutes(gateway, [{ name: "llama", servedName: "llama" }]);
}
