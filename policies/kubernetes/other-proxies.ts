import type { Field } from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import type { Settings } from "../model/settings.ts";
import { isKind } from "./api-groups.ts";
import { configTexts } from "./config-texts.ts";
import { inInference } from "./scope.ts";

/** Marks of configurations that hand requests on, by proxies whose routes no rule reads. */
const marks: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\b(?:proxy_pass|fastcgi_pass|grpc_pass|uwsgi_pass)\s/, "nginx"],
  [/^\s*(?:backend|listen)\s+\S+[\s\S]*?^\s*server\s+\S+\s+\S+/m, "HAProxy"],
  [/^\s*reverse_proxy\s/m, "Caddy"],
  [/\bloadBalancer["']?\s*:[\s\S]*?\bservers["']?\s*:/, "Traefik"],
  [/\bmodel_list["']?\s*:/, "LiteLLM"],
  [/\b_format_version["']?\s*:/, "Kong"],
];

export interface OtherProxy {
  readonly field: Field;
  readonly name: string;
}

/** Configurations of proxies other than Envoy, where prompts pass. */
export function otherProxies(object: KubeObject, settings: Settings): readonly OtherProxy[] {
  if (!isKind(object, "ConfigMap") && !isKind(object, "Secret")) return [];
  if (!inInference(object, settings) && object.namespace !== settings.gatewayNamespace) return [];
  return configTexts(object).flatMap(({ field, text }) =>
    marks.filter(([pattern]) => pattern.test(text)).map(([, name]) => ({ field, name })),
  );
}
