import type { GatewayStatus } from "../components/lib/migration/status.ts";

export type ChangeProgress =
  | { readonly kind: "in-force"; readonly replicas: number }
  | { readonly kind: "waiting"; readonly for: string }
  /** Waiting longer changes nothing. */
  | { readonly kind: "failed"; readonly reason: string };

/** How far the change of one record has come, by what the controller says. */
export function changeProgress(
  status: GatewayStatus | undefined,
  record: { readonly sequence: number; readonly hash: string },
): ChangeProgress {
  if (status === undefined)
    return { kind: "waiting", for: "the route controller, which never reported" };
  const { override, replicas, routesVersion, time } = status;
  const seen = override.record;
  if (seen === null || seen.sequence < record.sequence) {
    return { kind: "waiting", for: `the route controller, which reported last at ${time}` };
  }
  if (seen.sequence > record.sequence || seen.hash !== record.hash) {
    return { kind: "failed", reason: `record ${seen.sequence} came after it; see traffic history` };
  }
  if (override.state === "void") {
    return { kind: "failed", reason: `the override is void: ${override.reason}` };
  }
  const behind = replicas.filter(({ version }) => version !== routesVersion);
  if (behind.length > 0) {
    return { kind: "waiting", for: behind.map(({ node }) => node).join(", ") };
  }
  if (replicas.length === 0) {
    return { kind: "waiting", for: "a gateway replica; none asked for routes in the last 10 s" };
  }
  return { kind: "in-force", replicas: replicas.length };
}
