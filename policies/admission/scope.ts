import { compareText } from "../../components/lib/compare-text.ts";
import type { Settings } from "../model/settings.ts";

/** Namespaces that admission guards. */
export interface Scope {
  /** Namespaces that hold models or prompts; at least one. Sorted. */
  readonly inference: readonly string[];
  /** Namespaces of a gateway that are none of those; at most one. */
  readonly gateway: readonly string[];
  /** Those and the gateway's: namespaces of the stack in which no pod needs the host. Sorted. */
  readonly closed: readonly string[];
}

/** `undefined` where no stack names its inference namespaces: a cluster cannot be guarded by guessing. */
export function scopeOf(settings: Settings): Scope | undefined {
  const { inferenceNamespaces, gatewayNamespace } = settings;
  if (inferenceNamespaces === "every" || inferenceNamespaces.size === 0) return undefined;
  const gateway = gatewayNamespace === undefined ? [] : [gatewayNamespace];
  return {
    inference: [...inferenceNamespaces].toSorted(compareText),
    gateway: gateway.filter((name) => !inferenceNamespaces.has(name)),
    closed: [...new Set([...inferenceNamespaces, ...gateway])].toSorted(compareText),
  };
}
