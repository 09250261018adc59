import { elements, type Field, get, textOf } from "../model/field.ts";
import { objectsBelow, textsBelow } from "./config-texts.ts";
import { connectionManagers, envoyField, extensionName, holding } from "./envoy.ts";
import { isAccounting, isEnvelope, namesEnvelope } from "./log-operators.ts";

/** A place that writes more of a request than its envelope, and why. */
export interface ContentLog {
  readonly field: Field;
  readonly problem: string;
}

/** What the access logs, taps, scripts and metadata filters of an Envoy document write down. */
export function envoyContentLogs(document: Field): readonly ContentLog[] {
  return [
    ...holding(document, "access_log").flatMap((each) =>
      accessLogs(envoyField(each, "access_log")),
    ),
    ...filters(document).flatMap(filterLogs),
    ...holding(document, "custom_tags").flatMap((each) =>
      elements(envoyField(each, "custom_tags"))
        .map((tag) => get(envoyField(tag, "request_header"), "name"))
        .filter((name) => name.value !== undefined && !isEnvelopeHeader(name))
        .map((field) => ({ field, problem: "puts a header into spans that may hold a key" })),
    ),
    ...holding(document, "tap_config").map((field) => ({
      field: envoyField(field, "tap_config"),
      problem: "copies requests and answers out of the proxy",
    })),
  ];
}

/** What a format of an access log writes down, in whichever shape it stands. */
export function formatLogs(format: Field): readonly ContentLog[] {
  return [...textsBelow(format)].flatMap((field) => textLogs(field));
}

function accessLogs(list: Field): readonly ContentLog[] {
  return elements(list).flatMap((log) => [
    ...(/wasm|dynamic_module/i.test(extensionName(log))
      ? [{ field: log, problem: "is code that may write what it reads" }]
      : []),
    ...holding(log, "text_format_source")
      .map((each) => get(envoyField(each, "text_format_source"), "filename"))
      .filter(({ value }) => value !== undefined)
      .map((field) => ({
        field,
        problem: "takes its format from a file that is not in this object",
      })),
    ...formatLogs(log),
    ...[...objectsBelow(log)].flatMap((each) =>
      Object.keys(each.value ?? {})
        .filter((key) =>
          /^additional_?(?:request|response)_?(?:headers|trailers)_?to_?log$/i.test(key),
        )
        .flatMap((key) => elements(get(each, key)))
        .filter((name) => !isEnvelopeHeader(name))
        .map((field) => ({ field, problem: "writes a header that may hold a key or a prompt" })),
    ),
  ]);
}

function isEnvelopeHeader(name: Field): boolean {
  return namesEnvelope(textOf(name) ?? "");
}

function textLogs(field: Field): readonly ContentLog[] {
  const text = textOf(field) ?? "";
  return [...text.matchAll(/%([A-Z_]+)(?:\(([^%]*)\))?(?::\d+)?%/g)]
    .filter(([, operator = "", argument = ""]) => !isEnvelope(operator, argument))
    .map(([, operator = ""]) => ({
      field,
      problem: `writes %${operator}%, which may hold a key or a prompt`,
    }));
}

function filters(document: Field): readonly Field[] {
  return connectionManagers(document).flatMap((manager) =>
    elements(envoyField(manager, "http_filters")),
  );
}

function filterLogs(filter: Field): readonly ContentLog[] {
  const name = extensionName(filter);
  const config = envoyField(filter, "typed_config");
  if (/tap/i.test(name))
    return [{ field: filter, problem: "copies requests and answers out of the proxy" }];
  if (/wasm|golang|dynamic_module/i.test(name)) {
    return [{ field: filter, problem: "is code that may write what it reads" }];
  }
  if (/lua/i.test(name)) return luaLogs(config);
  if (/to_metadata|ToMetadata/.test(name)) return metadataLogs(config);
  return [];
}

/** Calls by which a script of a proxy writes or sends what it reads. */
const luaOutput =
  /:log(?:Trace|Debug|Info|Warn|Err|Critical)\s*\(|\bprint\s*\(|\b(?:io|os)\.|:httpCall\s*\(/;

export function luaLogs(config: Field): readonly ContentLog[] {
  return [...textsBelow(config)]
    .filter((field) => luaOutput.test(textOf(field) ?? ""))
    .map((field) => ({ field, problem: "is a script that writes or sends what it reads" }));
}

/** What is taken out of a request for the log must be a count or a name, never a message and never a key. */
function metadataLogs(config: Field): readonly ContentLog[] {
  return [...credentialLogs(config), ...bodyLogs(config)];
}

const credentials = /authorization|cookie|api-?key|secret|password|credential|-token|^token/i;

/** As metadata a header may stand in any log under any name. */
function credentialLogs(config: Field): readonly ContentLog[] {
  return ["request_rules", "response_rules"]
    .flatMap((rules) => elements(envoyField(config, rules)))
    .map((rule) => get(rule, "header"))
    .filter((header) => credentials.test(textOf(header) ?? ""))
    .map((field) => ({ field, problem: "keeps a header that may hold a key" }));
}

function bodyLogs(config: Field): readonly ContentLog[] {
  return holding(config, "selectors").flatMap((rule) => {
    const last = elements(envoyField(rule, "selectors")).at(-1);
    if (last === undefined || isAccounting(textOf(get(last, "key")) ?? "")) return [];
    return [
      { field: last, problem: "takes a part of the body that is neither a count nor a name" },
    ];
  });
}
