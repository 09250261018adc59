import { unknown } from "../../../policies/model/value.ts";
import { kube } from "../good-graph.ts";
import { envoyMutant, managerPath, managerSteps, textMutant } from "./envoy-document.ts";
import { added, type Mutant } from "./mutant.ts";

const log = [...managerSteps, "access_log", 0, "typed_config", "log_format", "json_format"];
const logPath = `${managerPath}.access_log[0].typed_config.log_format.json_format`;
export const gatewayLogs: readonly Mutant[] = [
  envoyMutant(
    "A05",
    "keys in the access log",
    [...log, "key"],
    "%REQ(AUTHORIZATION)%",
    `${logPath}.key`,
  ),
  envoyMutant(
    "A05",
    "prompts by way of metadata",
    [...log, "said"],
    "%DYNAMIC_METADATA(body:messages)%",
    `${logPath}.said`,
  ),
  envoyMutant(
    "A05",
    "a key by way of an expression",
    [...log, "figure"],
    "%TYPED_CEL(size(request.headers['authorization']) + int(metadata.filter_metadata.x.tokens))%",
    `${logPath}.figure`,
  ),
  envoyMutant(
    "A05",
    "all metadata by way of an expression",
    [...log, "figure"],
    "%CEL(metadata.filter_metadata)%",
    `${logPath}.figure`,
  ),
  envoyMutant(
    "A05",
    "a key by way of metadata with a harmless name",
    [...managerSteps, "http_filters", 1],
    {
      name: "envoy.filters.http.header_to_metadata",
      typed_config: {
        request_rules: [
          { header: "authorization", on_header_present: { metadata_namespace: "x", key: "team" } },
        ],
      },
    },
    `${managerPath}.http_filters[1].typed_config.request_rules[0].header`,
  ),
  envoyMutant(
    "A05",
    "a header of a name that nobody knows",
    [...log, "x"],
    "%REQ(X-Prompt?:PATH):100%",
    `${logPath}.x`,
  ),
  envoyMutant(
    "A05",
    "messages taken out of the body",
    [...managerSteps, "http_filters", 2, "typed_config", "response_rules", "rules", 0, "selectors"],
    [{ key: "choices" }],
    `${managerPath}.http_filters[2].typed_config.response_rules.rules[0].selectors[0]`,
  ),
  envoyMutant(
    "A05",
    "a script that logs",
    [...managerSteps, "http_filters", 1, "typed_config", "default_source_code", "inline_string"],
    "handle:logInfo(handle:body():getBytes(0, 100))",
    `${managerPath}.http_filters[1].typed_config.default_source_code.inline_string`,
  ),
  envoyMutant(
    "A05",
    "a tap",
    [...managerSteps, "http_filters"],
    [
      { name: "envoy.filters.http.jwt_authn" },
      { name: "envoy.filters.http.router" },
      { name: "envoy.filters.http.tap" },
    ],
    `${managerPath}.http_filters[2]`,
  ),
  envoyMutant(
    "A05",
    "code of its own in the proxy",
    [...managerSteps, "http_filters", 1],
    { name: "envoy.filters.http.wasm" },
    `${managerPath}.http_filters[1]`,
  ),
  envoyMutant(
    "A05",
    "a key in spans",
    [...managerSteps, "tracing"],
    { custom_tags: [{ tag: "k", request_header: { name: "authorization" } }] },
    `${managerPath}.tracing.custom_tags[0].request_header.name`,
  ),
  textMutant(
    "A05",
    "a configuration that cannot be read",
    "envoy.yaml",
    "static_resources: [\n  a: {",
  ),
  textMutant(
    "A05",
    "bodies in nginx's log",
    "nginx.conf",
    "log_format main '$remote_addr $request_body';",
  ),
  textMutant(
    "A05",
    "prompts in LiteLLM's log",
    "config.yaml",
    "general_settings:\n  store_prompts_in_spend_logs: true\n",
  ),
  added(
    "A05",
    "a script of an extension",
    kube("gateway.envoyproxy.io/v1alpha1:EnvoyExtensionPolicy", "x", "gateway", {
      spec: { lua: [{ type: "Inline", inline: "print(body)" }] },
    }),
    "EnvoyExtensionPolicy gateway/x",
    "spec.lua[0].inline",
  ),
  added(
    "A05",
    "a format of Envoy Gateway",
    kube("gateway.envoyproxy.io/v1alpha1:EnvoyProxy", "x", "gateway", {
      spec: {
        telemetry: { accessLog: { settings: [{ format: { json: { key: "%REQ(x-api-key)%" } } }] } },
      },
    }),
    "EnvoyProxy gateway/x",
    "spec.telemetry.accessLog.settings[0].format.json.key",
  ),
  added(
    "A05",
    "a format of Envoy Gateway that nobody knows yet",
    kube("gateway.envoyproxy.io/v1alpha1:EnvoyProxy", "x", "gateway", {
      spec: { telemetry: { accessLog: unknown } },
    }),
    "EnvoyProxy gateway/x",
    "spec.telemetry.accessLog",
  ),
  added(
    "A05",
    "a level of a proxy from elsewhere",
    kube("core/v1:Pod", "proxy", "gateway", {
      spec: {
        containers: [
          {
            name: "c",
            env: [{ name: "LOG_LEVEL", valueFrom: { configMapKeyRef: { name: "c", key: "k" } } }],
          },
        ],
      },
    }),
    "Pod gateway/proxy",
    "spec.containers[0].env[0].valueFrom",
  ),
  added(
    "A05",
    "a talkative proxy",
    kube("core/v1:Pod", "proxy", "gateway", {
      spec: { containers: [{ name: "c", args: ["--component-log-level", "http:debug"] }] },
    }),
    "Pod gateway/proxy",
    "spec.containers[0].args[0]",
  ),
];
