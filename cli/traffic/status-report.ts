import type { Desired, DesiredClass } from "../../components/lib/migration/desired.ts";
import type { GatewayStatus } from "../../components/lib/migration/status.ts";
import { plain, sharesText, table } from "./text.ts";

/** Twice the controller's own interval, and some more, s. */
const longestSilence = 75;

export interface StatusReport {
  readonly stack: string;
  readonly desired: Desired;
  /** `undefined` where the controller never reported. */
  readonly status: GatewayStatus | undefined;
  readonly now: Date;
}

/** What is not as it should be; empty where all is well. */
export function complaints({ status, now }: StatusReport): string[] {
  if (status === undefined) {
    return [
      "the route controller never reported: nobody serves routes; see its pod gateway-routes",
    ];
  }
  const { desiredFault, override, replicas, routesVersion, time } = status;
  const silent = (now.getTime() - Date.parse(time)) / 1000;
  const behind = replicas.filter(({ version }) => version !== routesVersion);
  return [
    ...(silent > longestSilence
      ? [
          `the route controller has not reported since ${time}: proxies keep the last routes, changes wait`,
        ]
      : []),
    ...(desiredFault === null ? [] : [`${desiredFault}; the last good routes stay`]),
    ...(override.state === "void"
      ? [
          `override VOID, the stack's shares are in force: ${override.reason}; say again what is wanted, or traffic clear`,
        ]
      : []),
    ...behind.map(({ node, version }) => `${node} has routes ${version ?? "none"}`),
    ...(replicas.length === 0 ? ["no gateway replica asks for routes"] : []),
  ].map(plain);
}

export function statusText(report: StatusReport): string {
  const { stack, desired, status } = report;
  const rows = desired.classes.map((one) => classRow(one, status));
  const head = ["class", "criticality", "data", "phase", "wanted by the stack", "in force"];
  const replicas = (status?.replicas ?? []).map(({ node, version, seen }) => [
    `  ${node}`,
    version === status?.routesVersion ? "in force" : "behind",
    `routes ${version ?? "none"}`,
    seen === null ? "asks for none" : `since ${seen}`,
  ]);
  return [
    `stack ${stack}, phase ${desired.phase}, ${overrideText(status)}`,
    ...table([head, ...rows]),
    `replicas: ${replicas.length}`,
    ...table(replicas),
    ...complaints(report).map((text) => `! ${text}`),
    "",
  ].join("\n");
}

function classRow(one: DesiredClass, status: GatewayStatus | undefined): string[] {
  const { name, criticality, dataClass, phase, phases } = one;
  const now = status?.classes[name];
  const changed = now?.overridden === true ? " (override)" : "";
  return [
    name,
    criticality,
    dataClass,
    now === undefined ? phase : (now.phase ?? "by hand"),
    sharesText(phases[phase]),
    now === undefined ? "unknown" : `${sharesText(now.weights)}${changed}`,
  ];
}

function overrideText(status: GatewayStatus | undefined): string {
  if (status === undefined) return "state unknown";
  const { override } = status;
  switch (override.state) {
    case "none":
      return "no override";
    case "in-force":
      return `override of record ${override.record.sequence} in force`;
    case "void":
      return "override VOID";
    default:
      override satisfies never;
      throw new Error("unreachable");
  }
}
