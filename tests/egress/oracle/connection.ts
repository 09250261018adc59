import type { Pod, Protocol } from "./kubernetes.ts";

/** The other end of a connection: a pod by one of its addresses, or an address that is no pod's. */
export interface End {
  readonly pod?: Pod;
  readonly address: string;
}

/** One attempt to connect, judged on one side: at the source (Egress) or at the destination (Ingress). */
export interface Attempt {
  readonly direction: "Egress" | "Ingress";
  /** The pod whose policies are asked. */
  readonly subject: Pod;
  readonly peer: End;
  readonly protocol: Protocol;
  readonly port: number;
}

/** The pod that is connected to: its port names are the ones that count. */
export function destinationPod(attempt: Attempt): Pod | undefined {
  return attempt.direction === "Egress" ? attempt.peer.pod : attempt.subject;
}
