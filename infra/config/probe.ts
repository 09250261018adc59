import { z } from "zod";
import { addressFault } from "../../components/lib/cidr.ts";

/** Names, web, time, web over TLS, names over TLS, proxies, git. */
const standardPorts = [53, 80, 123, 443, 853, 8080, 9418];

/** Kubelet, node metrics, and the resolver that some clusters run on every node. */
const standardNodePorts = [53, 9100, 10_250];

const address = z.string().superRefine((value, context) => {
  const message = addressFault(value);
  if (message !== undefined) context.addIssue({ code: "custom", message });
});
const port = z.int().min(1).max(65_535);
const ports = z.array(port).min(1).max(16);

const accepted = z
  .strictObject({
    protocol: z.enum(["tcp", "udp", "icmp"]),
    port: port.exactOptional(),
    reason: z.string().min(10, "must say in a sentence why the answer is accepted"),
  })
  .superRefine((one, context) => {
    if ((one.protocol === "icmp") === (one.port === undefined)) return;
    const message =
      one.protocol === "icmp" ? "icmp has no ports; remove it" : `is missing for ${one.protocol}`;
    context.addIssue({ code: "custom", path: ["port"], message });
  })
  .transform(({ protocol, port: at = 0, reason }) => ({ protocol, port: at, reason }));

const shape = z
  .strictObject({
    /** Machines outside the cluster, the site's own: the control reaches them, inference must not. */
    targets: z
      .array(z.strictObject({ address, ports: ports.default(standardPorts) }))
      .min(1)
      .max(16),
    dnsZone: z
      .string()
      .max(180)
      .regex(
        /^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
        "must be a domain name in lower case, such as probe.example.org",
      )
      .exactOptional(),
    dnsServers: z.array(address).max(8).default([]),
    apiServers: z
      .array(z.strictObject({ address, port: port.default(443) }))
      .max(8)
      .default([]),
    node: z
      .strictObject({
        ports: z.array(port).max(16).default(standardNodePorts),
        accepted: z.array(accepted).max(16).default([]),
      })
      .prefault({}),
    required: z
      .array(z.enum(["tcp", "udp", "sctp", "icmp", "dns"]))
      .min(1)
      .default(["tcp", "udp"]),
    /** Cron notation with five fields, UTC. */
    schedule: z
      .string()
      .regex(
        /^[\d*/,-]+( [\d*/,A-Za-z-]+){4}$/,
        "must be five fields as in cron, such as 0 3 * * *",
      )
      .exactOptional(),
  })
  .refine(({ required, dnsServers }) => !required.includes("dns") || dnsServers.length > 0, {
    path: ["required"],
    message: "names dns without dnsServers; give a name server that the control can ask",
  });

/** The run-time probe of the walls; none unless the stack asks for it. */
export const probeSchema = z.preprocess(
  // `Pulumi.yaml` gives an absent object as `{}`.
  (given) =>
    typeof given === "object" && given !== null && Object.keys(given).length === 0
      ? undefined
      : given,
  shape.optional(),
);
