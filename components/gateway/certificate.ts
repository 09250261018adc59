import type { GatewayTls } from "../lib/stack/gateway.ts";
import { certificateSecret } from "./names.ts";

/** The part of `cert-manager.io/v1` that is used here. */
export interface Certificate {
  readonly apiVersion: "cert-manager.io/v1";
  readonly kind: "Certificate";
  readonly spec: {
    readonly secretName: string;
    readonly dnsNames: readonly string[];
    readonly issuerRef: {
      readonly group: "cert-manager.io";
      readonly kind: string;
      readonly name: string;
    };
    readonly usages: readonly string[];
    readonly privateKey: {
      readonly algorithm: "ECDSA";
      readonly size: 256;
      readonly rotationPolicy: "Always";
    };
    readonly duration: string;
    readonly renewBefore: string;
  };
}

/** Ninety days, renewed after sixty; the alert on expiry is the third line of defence. */
const duration = "2160h";
const renewBefore = "720h";

/** What the stack asks of cert-manager for the name that clients call. */
export function certificate({
  issuer,
  dnsNames,
}: Extract<GatewayTls, { kind: "cert-manager" }>): Certificate["spec"] {
  return {
    secretName: certificateSecret,
    dnsNames,
    issuerRef: { group: "cert-manager.io", ...issuer },
    usages: ["server auth"],
    privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
    duration,
    renewBefore,
  };
}
