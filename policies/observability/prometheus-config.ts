import { elements, entries, type Field, get, isUnreadable, textOf } from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import type { Violation } from "../model/rule.ts";
import { unreadable, violation } from "../model/violation.ts";
import { checkAddress, checkAddresses, checkTarget, type Destinations } from "./addresses.ts";

/** Ways to find targets that ask nobody outside, or whose address stands in the file. */
const readableDiscovery = new Set(["kubernetes", "file", "static", "dns", "http", "consul"]);
const discoveryList = /^(\w+?)_?[sS][dD]_?[cC]onfigs$/;

/** Prometheus' own file: where it writes to, reads from, alerts, and what it scrapes. */
export function checkPrometheusFile(
  object: KubeObject,
  config: Field,
  destinations: Destinations,
): readonly Violation[] {
  return [
    ...["remote_write", "remote_read"].flatMap((name) =>
      elements(get(config, name)).flatMap((entry) => checkRemote(object, entry, destinations)),
    ),
    ...elements(get(config, "alerting", "alertmanagers")).flatMap((entry) =>
      checkScrape(object, entry, destinations),
    ),
    ...elements(get(config, "scrape_configs")).flatMap((job) =>
      checkScrape(object, job, destinations),
    ),
    ...checkAddresses(object, get(config, "tracing"), destinations),
  ];
}

/** One destination or source of samples; its proxy counts as well. */
export function checkRemote(
  object: KubeObject,
  entry: Field,
  destinations: Destinations,
): readonly Violation[] {
  return [
    ...checkTarget(object, entry, ["url"], destinations),
    ...["proxy_url", "proxyUrl"]
      .map((name) => get(entry, name))
      .filter(({ value }) => value !== undefined)
      .flatMap((proxy) => checkAddress(object, proxy, destinations)),
  ];
}

/** A job or ScrapeConfig: asking an outside host carries the names of what is asked for. */
export function checkScrape(
  object: KubeObject,
  job: Field,
  destinations: Destinations,
): readonly Violation[] {
  const parts = entries(job);
  if (parts === undefined) return [unreadable(object, job)];
  const found = parts.flatMap(([name, list]) => {
    const kind = discoveryList.exec(name)?.[1]?.toLowerCase();
    if (kind === undefined) return [];
    return checkDiscovery(object, kind, list, destinations);
  });
  const statics = ["static_configs", "staticConfigs"].flatMap((name) => elements(get(job, name)));
  return [
    ...found,
    ...statics.flatMap((group) =>
      elements(get(group, "targets")).flatMap((target) =>
        checkAddress(object, target, destinations),
      ),
    ),
    ...["proxy_url", "proxyUrl"]
      .map((name) => get(job, name))
      .filter(({ value }) => value !== undefined)
      .flatMap((proxy) => checkAddress(object, proxy, destinations)),
    ...["relabel_configs", "relabelings"].flatMap((name) =>
      elements(get(job, name)).flatMap((step) => checkRelabelling(object, step, destinations)),
    ),
  ];
}

function checkDiscovery(
  object: KubeObject,
  kind: string,
  list: Field,
  destinations: Destinations,
): readonly Violation[] {
  return elements(list).flatMap((entry) => {
    if (isUnreadable(entry)) return [unreadable(object, entry)];
    if (!readableDiscovery.has(kind)) {
      const problem = `finds targets by "${kind}", a service outside the cluster`;
      return [violation(object, entry, problem, "name the targets, or find them in Kubernetes")];
    }
    if (kind !== "dns") return checkAddresses(object, entry, destinations);
    return elements(get(entry, "names")).flatMap((name) =>
      checkAddress(object, name, destinations),
    );
  });
}

/** A step that puts a new address in place of the one that was found. */
export function checkRelabelling(
  object: KubeObject,
  step: Field,
  destinations: Destinations,
): readonly Violation[] {
  const target = textOf(get(step, "target_label")) ?? textOf(get(step, "targetLabel"));
  const replacement = get(step, "replacement");
  if (target !== "__address__" || replacement.value === undefined) return [];
  if (isUnreadable(replacement)) return [unreadable(object, replacement)];
  // What a label held, with nothing but a port beside it, stays where it was.
  const rest = (textOf(replacement) ?? "").replaceAll(/\$\{?\w+\}?/g, "");
  if (/^[\d:[\]]*$/.test(rest)) return [];
  return checkAddress(object, replacement, destinations);
}
