import {
  type ContentLog,
  envoyContentLogs,
  formatLogs,
  luaLogs,
} from "../../kubernetes/access-log.ts";
import { groupOf, isKind } from "../../kubernetes/api-groups.ts";
import { configTexts, unreadableBelow } from "../../kubernetes/config-texts.ts";
import { enginesOf } from "../../kubernetes/engine-settings.ts";
import { topicViolations } from "../../kubernetes/engine-topics.ts";
import { envoyConfig } from "../../kubernetes/envoy.ts";
import { logLevels } from "../../kubernetes/log-levels.ts";
import { inInfrastructure } from "../../kubernetes/scope.ts";
import { entries, type Field, get, rootField, textOf } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { ResourceRule, Violation } from "../../model/rule.ts";
import type { Settings } from "../../model/settings.ts";
import { violation } from "../../model/violation.ts";

export const noContentLogging: ResourceRule = {
  id: "A05",
  name: "no-content-logging",
  level: "resource",
  description:
    "No engine and no gateway writes prompts, answers or keys to a log: access logs hold the envelope of a request alone.",
  severity: "critical",
  enforcement: "mandatory",
  mapping: { gdpr: ["5(1)(c)"], hipaa: ["164.502(b)"] },
  remedy: "log when, where and how long a request was, and nothing of what it said",
  check: (object, settings) => [
    ...enginesOf(object, settings).flatMap((engine) => topicViolations(object, engine, "logging")),
    ...(inInfrastructure(object, settings) ? [] : checkProxies(object, settings)),
  ],
};

function checkProxies(object: KubeObject, settings: Settings): readonly Violation[] {
  const { documents, unread } = envoyConfig(object);
  const found: readonly ContentLog[] = [
    ...documents.flatMap(envoyContentLogs),
    ...unread.map((field) => ({
      field,
      problem: "is a proxy's configuration that cannot be read",
    })),
    ...customFormats(object),
    ...configTexts(object).flatMap(({ field, text }) => otherProxies(field, text)),
    ...snippets(object),
    ...logLevels(object, settings),
  ];
  return found.map(({ field, problem }) => violation(object, field, problem));
}

/** Custom resources that carry a format of Envoy's access log, or a script. */
function customFormats(object: KubeObject): readonly ContentLog[] {
  const spec = get(rootField(object.body), "spec");
  switch (`${groupOf(object)}/${object.kind}`) {
    case "gateway.envoyproxy.io/EnvoyProxy": {
      const log = get(spec, "telemetry", "accessLog");
      return [...hidden(log), ...formatLogs(log)];
    }
    case "gateway.envoyproxy.io/EnvoyExtensionPolicy":
      return [...hidden(spec), ...luaLogs(get(spec, "lua")), ...foreignCode(spec)];
    case "networking.istio.io/EnvoyFilter":
      return [...hidden(spec), ...envoyContentLogs(spec), ...luaLogs(spec), ...formatLogs(spec)];
    default:
      return [];
  }
}

function hidden(field: Field): readonly ContentLog[] {
  return [...unreadableBelow(field)].map((each) => ({
    field: each,
    problem: "is not known, and may say what is logged",
  }));
}

/** Extensions whose code is in no object. */
function foreignCode(spec: Field): readonly ContentLog[] {
  return ["dynamicModule", "wasm"]
    .map((name) => get(spec, name))
    .filter(({ value }) => value !== undefined)
    .map((field) => ({ field, problem: "is code that may write what it reads" }));
}

/** Settings by which other proxies write bodies, credentials or all headers. */
const bodyLogging: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/\$(?:request_body|resp_body|http_authorization|http_cookie|http_x_api_key)\b/, "nginx"],
  [/\berror_log\s+\S+\s+debug\b/, "nginx"],
  [/\b(?:capture\s+(?:request|response)\s+header|option\s+logasap|%hr\b|req\.body)/, "HAProxy"],
  [
    /(?:accesslog|accessLog)[\s\S]*?headers[\s\S]*?(?:defaultmode|defaultMode)["\s:=]+keep/,
    "Traefik",
  ],
  [/\blog_credentials\b/, "Caddy"],
  [
    /\b(?:store_prompts_in_spend_logs|log_raw_request_response|set_verbose|detailed_debug)["']?\s*[:=]\s*["']?true/i,
    "LiteLLM",
  ],
];

function otherProxies(field: Field, text: string): readonly ContentLog[] {
  return bodyLogging
    .filter(([pattern]) => pattern.test(text))
    .map(([, what]) => ({ field, problem: `makes ${what} log bodies, credentials or headers` }));
}

/** Annotations through which an Ingress adds to nginx's configuration. */
function snippets(object: KubeObject): readonly ContentLog[] {
  if (!isKind(object, "Ingress")) return [];
  const annotations = entries(get(rootField(object.body), "metadata", "annotations")) ?? [];
  return annotations
    .filter(([name]) => name.endsWith("-snippet"))
    .flatMap(([, field]) => otherProxies(field, textOf(field) ?? ""));
}
