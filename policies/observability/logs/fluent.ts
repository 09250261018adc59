import type { ConfigText } from "../../kubernetes/config-data.ts";
import { elements, type Field, get, textOf } from "../../model/field.ts";
import { addressesIn } from "../addresses.ts";
import { readIni } from "../ini.ts";
import { daysOf, type Output } from "./outputs.ts";

/** Keys that hold an address, in the files of both programs. */
const addressKey =
  /^(?:hosts?|endpoint(?:_url)?|url|server|brokers|address|proxy|http_proxy|upstream)$/;

/** Fluent Bit's classic file: sections named OUTPUT. `undefined` where there are none. */
export function classicOutputs({ text, field }: ConfigText): readonly Output[] | undefined {
  if (!/^\s*\[OUTPUT\]/im.test(text)) return undefined;
  return readIni(text)
    .filter((settings) => settings[0]?.section === "output")
    .map((settings) => {
      const valueOf = (key: string) => settings.findLast((each) => each.key === key)?.value;
      return {
        kind: valueOf("name") ?? "unknown",
        field,
        addresses: settings
          .filter(({ key, value }) => addressKey.test(key) && !value.startsWith("/"))
          .map(({ value }) => ({ path: field.path, value })),
        region: valueOf("region"),
        retentionDays: daysOf(valueOf("log_retention_days")),
      };
    });
}

/** Fluent Bit's newer file: a list below `pipeline`. */
export function pipelineOutputs(document: Field): readonly Output[] | undefined {
  const outputs = get(document, "pipeline", "outputs");
  if (outputs.value === undefined) return undefined;
  return elements(outputs).map((output) => ({
    kind: textOf(get(output, "name")) ?? "unknown",
    field: output,
    addresses: addressesIn(output).filter((field) => textOf(field)?.startsWith("/") !== true),
    region: textOf(get(output, "region")),
    retentionDays: daysOf(get(output, "log_retention_days").value),
  }));
}

/** Fluentd's file: `match` sections, with `store` sections inside those that copy. */
export function fluentdOutputs({ text, field }: ConfigText): readonly Output[] | undefined {
  if (!/^\s*<match\b/m.test(text)) return undefined;
  const done: Output[] = [];
  const open: { tag: string; kind: string; addresses: Field[] }[] = [];
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim();
    const start = /^<(\w+)/.exec(line)?.[1];
    if (start !== undefined) {
      if (start === "match" || start === "store") {
        open.push({ tag: start, kind: "unknown", addresses: [] });
      }
      continue;
    }
    const end = /^<\/(\w+)>/.exec(line)?.[1];
    const current = open.at(-1);
    if (current === undefined) continue;
    if (end === current.tag) {
      open.pop();
      done.push({ kind: current.kind, field, addresses: current.addresses });
      continue;
    }
    const [, key = "", value = ""] = /^(@?\w+)\s+(.+)$/.exec(line) ?? [];
    if (key === "@type" && current.kind === "unknown") current.kind = value;
    if (addressKey.test(key)) current.addresses.push({ path: field.path, value });
  }
  // A section that never ends is one that nobody can read.
  return [...done, ...open.map(({ kind, addresses }) => ({ kind, field, addresses }))];
}
