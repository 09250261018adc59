import { bootstrapKey } from "../names.ts";
import { closedBootstrap } from "./closed-bootstrap.ts";
import { egressBootstrap } from "./egress-bootstrap.ts";
import { openBootstrap } from "./open-bootstrap.ts";
import { closedClasses, enginesOf, type GatewayPlan, openClasses, roadsOut } from "./plan.ts";
import { providerKey } from "./providers.ts";
import { certificate, egressKey, engineKey, type SecretFile, secretFileName } from "./secrets.ts";
import type { Bootstrap } from "./types.ts";

/** Files of a proxy's ConfigMap by name, mounted under `paths.bootstrap`. */
export type ProxyFiles = Readonly<Record<string, string>>;

/** What goes into the ConfigMap of each proxy; undefined for a proxy that the stack does not need. */
export interface GatewayFiles {
  readonly open: ProxyFiles | undefined;
  readonly closed: ProxyFiles | undefined;
  readonly egress: ProxyFiles | undefined;
}

export function gatewayFiles(plan: GatewayPlan): GatewayFiles {
  const keysOf = (classes: Parameters<typeof enginesOf>[0]) =>
    enginesOf(classes, plan.models).map(({ name }) => engineKey(name));
  const roads = roadsOut(plan);
  const out = roads.length === 0 ? [] : [egressKey];
  const providers = new Map(roads.map(({ provider }) => [provider.name, provider]));
  return {
    open: files(openBootstrap(plan), [certificate, ...keysOf(openClasses(plan)), ...out]),
    closed: files(closedBootstrap(plan), [certificate, ...keysOf(closedClasses(plan))]),
    egress: files(egressBootstrap(plan), [...providers.values()].map(providerKey)),
  };
}

function files(
  bootstrap: Bootstrap | undefined,
  secrets: readonly SecretFile[],
): ProxyFiles | undefined {
  if (bootstrap === undefined) return undefined;
  const others = secrets.map(({ name, resource }) => [secretFileName(name), text(resource)]);
  return { [bootstrapKey]: text(bootstrap), ...Object.fromEntries(others) };
}

function text(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
