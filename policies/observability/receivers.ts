import { elements, entries, type Field, get, isUnreadable, textOf } from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import type { Violation } from "../model/rule.ts";
import { unreadable, violation } from "../model/violation.ts";
import { addressesIn, checkAddress, checkAddresses, type Destinations } from "./addresses.ts";

/** "slack_configs" of Alertmanager's own file, "slackConfigs" of the operator's resource. */
const configList = /^(\w+?)_?[cC]onfigs$/;

/** Address of a receiver's service where the file sets it for all of them. */
const globalNames: Readonly<Record<string, readonly string[]>> = {
  email: ["smtp_smarthost", "smtpSmarthost", "smtp"],
  jira: ["jira_api_url"],
  mattermost: ["mattermost_webhook_url"],
  opsgenie: ["opsgenie_api_url", "opsGenieApiUrl"],
  pagerduty: ["pagerduty_url", "pagerdutyUrl"],
  rocketchat: ["rocketchat_api_url"],
  slack: ["slack_api_url"],
  telegram: ["telegram_api_url"],
  victorops: ["victorops_api_url"],
  webex: ["webex_api_url"],
  wechat: ["wechat_api_url"],
};

/**
 * Receivers of alerts: `receivers` of Alertmanager's file or of an AlertmanagerConfig. Each must send
 * to a known host inside; a service that names none sends to its maker.
 */
export function checkAlertmanager(
  object: KubeObject,
  config: Field,
  destinations: Destinations,
): readonly Violation[] {
  const global = get(config, "global");
  return [
    ...checkAddresses(object, global, destinations),
    ...elements(get(config, "receivers")).flatMap((receiver) =>
      checkReceiver(object, receiver, global, destinations),
    ),
  ];
}

function checkReceiver(
  object: KubeObject,
  receiver: Field,
  global: Field,
  destinations: Destinations,
): readonly Violation[] {
  const parts = entries(receiver);
  if (parts === undefined) return [unreadable(object, receiver)];
  return parts.flatMap(([name, list]) => {
    const kind = configList.exec(name)?.[1]?.toLowerCase();
    if (kind === undefined) return [];
    return elements(list).flatMap((entry) => checkEntry(object, kind, entry, global, destinations));
  });
}

function checkEntry(
  object: KubeObject,
  kind: string,
  entry: Field,
  global: Field,
  destinations: Destinations,
): readonly Violation[] {
  if (isUnreadable(entry)) return [unreadable(object, entry)];
  const own = addressesIn(entry);
  if (own.length > 0) {
    return own.flatMap((address) => checkAddress(object, address, destinations));
  }
  const shared = (globalNames[kind] ?? []).some(
    (name) => get(global, name).value !== undefined && addressesIn(global).length > 0,
  );
  if (shared) return [];
  const problem = `sends alerts by "${kind}" to an address that no rule can read, such as that of its maker`;
  const remedy = `write the address of a host in ${destinations.setting} into the receiver, or remove it`;
  return [violation(object, entry, problem, remedy)];
}

/** Contact points of Grafana, which name their kind instead of standing in a list of it. */
export function checkContactPoints(
  object: KubeObject,
  points: readonly Field[],
  destinations: Destinations,
): readonly Violation[] {
  return points.flatMap((point) =>
    elements(get(point, "receivers")).flatMap((receiver) =>
      checkContact(object, receiver, destinations),
    ),
  );
}

export function checkContact(
  object: KubeObject,
  receiver: Field,
  destinations: Destinations,
): readonly Violation[] {
  const kind = textOf(get(receiver, "type")) ?? "unknown";
  // Mail goes through the server of grafana.ini; its `addresses` are those of people.
  if (kind === "email") return [];
  return checkEntry(object, kind, get(receiver, "settings"), { path: "", value: {} }, destinations);
}
