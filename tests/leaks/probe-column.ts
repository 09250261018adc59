/** What a probe pod tries from inside, as its records name it. */
export type AttemptKind =
  | "first-packet"
  | "world"
  | "dns"
  | "metadata"
  | "api-server"
  | "node"
  | "link-local"
  | "interface";

export interface ProbeAttempt {
  /** Number of the probe in the design of run-time proofs, T0 to T20. */
  readonly proof: string;
  readonly kind: AttemptKind;
}

/**
 * Rows whose proof is a packet that the egress probe tries, and the attempt that would get through if
 * the leak were there. Proofs that need more than a pod of one's own have no attempt: a relay that
 * answers (T11), a start of the real engine (T15), a request through the gateway (T16 to T19).
 */
export const probeAttempts: Readonly<Record<number, ProbeAttempt>> = {
  1: { proof: "T1", kind: "world" },
  2: { proof: "T1", kind: "world" },
  3: { proof: "T3", kind: "dns" },
  4: { proof: "T1", kind: "world" },
  5: { proof: "T2", kind: "world" },
  6: { proof: "T1", kind: "world" },
  8: { proof: "T9", kind: "first-packet" },
  10: { proof: "T4", kind: "world" },
  11: { proof: "T6", kind: "node" },
  13: { proof: "T0", kind: "world" },
  14: { proof: "T0", kind: "world" },
  15: { proof: "T7", kind: "interface" },
  16: { proof: "T1", kind: "world" },
  18: { proof: "T3", kind: "dns" },
  19: { proof: "T3", kind: "dns" },
  21: { proof: "T12", kind: "api-server" },
  25: { proof: "T12", kind: "api-server" },
  27: { proof: "T14", kind: "metadata" },
  28: { proof: "T1", kind: "world" },
  30: { proof: "T1", kind: "world" },
};
