import { z } from "zod";
import { addressFault, cidrFault } from "../cidr.ts";
import { dnsLabel } from "./namespaces.ts";

/**
 * What a stack tells its policies: the few things that may leave or stand out of line, each named. Every
 * list is empty by default, so that a stack that says nothing gets the strictest rules.
 */

const text = z.string().min(1);
const cidr = z.string().superRefine((value, context) => {
  const message = cidrFault(value);
  if (message !== undefined) context.addIssue({ code: "custom", message });
});
const address = z.string().superRefine((value, context) => {
  const message = addressFault(value);
  if (message !== undefined) context.addIssue({ code: "custom", message });
});
const port = z.int().min(1).max(65_535);
const hostName = z
  .string()
  .regex(
    /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?(:\d{1,5})?$/,
    "must be a host name with an optional port, without scheme or path",
  );

/** One way out of the inference namespaces that the site has decided on. */
const allowedEgressSchema = z
  .strictObject({
    cidr,
    protocol: z.enum(["TCP", "UDP", "SCTP"]),
    port,
    /** Last port of a range. @default - `port` alone */
    endPort: port.exactOptional(),
    reason: text,
  })
  .refine(({ port: first, endPort }) => endPort === undefined || endPort >= first, {
    path: ["endPort"],
    message: "is smaller than port; give the last port of the range",
  });

/** A workload whose own way out is known and wanted, at which the search for hidden ways out stops. */
const relaySchema = z.strictObject({ namespace: dnsLabel, name: text, reason: text });

/** A finding that somebody has accepted, for a reason and for a time. */
const exceptionSchema = z.strictObject({
  /** Rule id, such as "W05". */
  policy: z
    .string()
    .regex(/^[A-Z]\d\d$/, "must be the id of a policy, such as W05")
    .refine((id) => id !== "C01", "C01 has no exceptions: what cannot be read, nobody can accept"),
  /** Object as findings name it, such as "Deployment inference/llama". */
  object: text,
  /** Path as findings name it. @default - every path of the object */
  path: text.exactOptional(),
  reason: z.string().min(10, "must say in a sentence why the finding is accepted"),
  /** Who answers for it: a role or a person. */
  owner: text,
  /** Last day on which it holds. */
  expires: z.iso.date("must be a date, such as 2026-12-31"),
});

export const policiesSchema = z.strictObject({
  allowedEgress: z.array(allowedEgressSchema).default([]),
  trustedRelays: z.array(relaySchema).default([]),
  /** Regions of a provider in which data may lie. */
  regions: z.array(text).default([]),
  /** Addresses of DNS servers inside, which resolve nothing outside. */
  privateResolvers: z.array(address).default([]),
  /** Names of containers that inference pods may hold, beside the engine. */
  containers: z.array(text).default([]),
  /** DaemonSets on GPU nodes that may share the host's network, as `namespace/name`. */
  hostNetworkDaemonSets: z.array(text).default([]),
  /** Secondary networks that inference pods may join, as `namespace/name`, or the device behind one by its resource name. */
  secondaryNetworks: z.array(text).default([]),
  /** Hosts inside that metrics and alerts may be sent to. */
  monitoringHosts: z.array(hostName).default([]),
  /** Hosts inside that logs may be sent to. */
  logHosts: z.array(hostName).default([]),
  /** Hosts inside that traces may be sent to. */
  traceHosts: z.array(hostName).default([]),
  /** Hosts inside that the driver container may install packages from. */
  packageHosts: z.array(hostName).default([]),
  /** Domains from which engines may fetch media named in a request. */
  mediaDomains: z.array(hostName).default([]),
  /**
   * What encrypts prompts between gateway and engine: `tls`, by the engine itself; `network`, by the
   * cluster's network between its nodes (WireGuard, IPsec, the provider's own).
   * @default - nobody said, which is a violation outside a local cluster
   */
  engineTransport: z.enum(["tls", "network"]).exactOptional(),
  /** Flags of engines that the site has reviewed beside those that the policies know, such as `--enable-dbo`. */
  engineFlags: z.array(text).default([]),
  /** Environment variables of engines that the site has reviewed beside those that the policies know. */
  engineVariables: z.array(text).default([]),
  /** Whether the GPU pool has room for one more replica of each model while it is changed. */
  spareGpus: z.boolean().default(false),
  exceptions: z.array(exceptionSchema).default([]),
});

export type PolicyConfig = z.infer<typeof policiesSchema>;
export type PolicyException = z.infer<typeof exceptionSchema>;

/** What holds where no stack says anything. */
export const strictPolicies: PolicyConfig = policiesSchema.parse({});
