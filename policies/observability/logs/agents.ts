import { environmentOf } from "../../kubernetes/environment.ts";
import { parseImage } from "../../kubernetes/images.ts";
import { entries, type Field, get } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { Violation } from "../../model/rule.ts";
import { violation } from "../../model/violation.ts";
import { addressesIn, checkAddress, type Destinations, remedyOf } from "../addresses.ts";
import { checkOutput } from "./outputs.ts";

/**
 * Agents that send to their maker's service unless a variable names another place.
 * Names as each agent documents them, collected 2026-11; not tried against the agents.
 */
const agents: readonly { readonly image: RegExp; readonly variables: readonly string[] }[] = [
  {
    image: /(?:^|\/)(?:datadog\/(?:agent|cluster-agent)|datadog-agent)$/,
    variables: ["DD_DD_URL", "DD_URL", "DD_LOGS_CONFIG_LOGS_DD_URL"],
  },
  { image: /(?:^|\/)newrelic\/[\w-]+$/, variables: ["COLLECTOR_URL", "NRIA_COLLECTOR_URL"] },
  { image: /(?:^|\/)(?:logdna-agent|mezmo-agent)$/, variables: ["LDLOGHOST", "MZ_HOST"] },
  { image: /(?:^|\/)dynatrace\/[\w-]+$/, variables: [] },
  { image: /(?:^|\/)oneagent$/, variables: [] },
  { image: /(?:^|\/)sumologic-[\w-]+$/, variables: ["SUMOLOGIC_ENDPOINT"] },
  { image: /(?:^|\/)(?:logtail|betterstack)[\w-]*$/, variables: [] },
  { image: /(?:^|\/)(?:papertrail|logspout)[\w-]*$/, variables: [] },
];

export function checkAgent(
  object: KubeObject,
  container: Field,
  destinations: Destinations,
): readonly Violation[] {
  const image = get(container, "image");
  if (typeof image.value !== "string") return [];
  const path = parseImage(image.value)?.path ?? image.value.replace(/[:@].*$/, "");
  const agent = agents.find((each) => each.image.test(path));
  if (agent === undefined) return [];
  const { variables } = environmentOf(container);
  const set = agent.variables.flatMap((name) => variables.get(name) ?? []);
  if (set.length > 0) {
    return set.flatMap((entry) => checkAddress(object, get(entry, "value"), destinations));
  }
  const problem = "is an agent that sends to its maker's service";
  return [violation(object, image, problem, remedyOf(destinations))];
}

/** An object of plugins by name, as operators of shippers write outputs. */
export function checkPlugins(
  object: KubeObject,
  spec: Field,
  destinations: Destinations,
): readonly Violation[] {
  return (entries(spec) ?? []).flatMap(([kind, plugin]) => {
    if (typeof plugin.value !== "object" || Array.isArray(plugin.value)) return [];
    if (/^(?:match|tag|loggingRef|processors|filter|retry\w*|tls)/.test(kind)) return [];
    const addresses = addressesIn(plugin);
    const name = kind.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    return checkOutput(object, { kind: name, field: plugin, addresses }, destinations);
  });
}
