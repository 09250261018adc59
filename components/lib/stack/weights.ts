import { z } from "zod";
import { addressFault } from "../cidr.ts";
import { dnsLabel } from "./namespaces.ts";

/** Where the weights of a stack come from, and the volume that they are staged on. */

const address = z.string().superRefine((value, context) => {
  const message = addressFault(value);
  if (message !== undefined) context.addIssue({ code: "custom", message });
});
const port = z.int().min(1).max(65_535);
const hostPattern = "([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\\.)+[a-z]([-a-z0-9]{0,61}[a-z0-9])?";
const hostName = z
  .string()
  .regex(
    new RegExp(`^${hostPattern}$`),
    "must be a full host name in lower case, such as huggingface.co",
  );
const folder = z
  .string()
  .regex(/^(\/[\w][\w.-]*)+$/, "must be an absolute path without a slash at its end");

const credentials = {
  /** Secret of the weights namespace with the source's token under `token`; made by hand. @default - none is sent */
  tokenSecret: dnsLabel.exactOptional(),
  /** ConfigMap of the weights namespace with the CA of the source, or of a proxy that opens TLS, under `ca.crt`; made by hand. */
  caConfigMap: dnsLabel.exactOptional(),
};

const noDirectWay =
  "weights namespaces have no way to every address; reach the hub by the site's own forward proxy (kind: forward-proxy), or name a mirror inside";

/** A hub outside. Only the site's proxy is reached, which lets these hosts pass and no others. */
const hub = z.strictObject({
  kind: z.literal("hub"),
  host: hostName.default("huggingface.co"),
  /** Hosts that the hub sends large files from. */
  contentHosts: z.array(hostName).default([]),
  ...credentials,
  reach: z.discriminatedUnion(
    "kind",
    [z.strictObject({ kind: z.literal("forward-proxy"), address, port })],
    { error: () => noDirectWay },
  ),
});

/** A server inside that holds the files of each repository at each revision. */
const mirror = z.strictObject({
  kind: z.literal("mirror"),
  url: z
    .string()
    .regex(
      new RegExp(`^https://${hostPattern}(:\\d{1,5})?(/[\\w.{}-]+)+$`),
      "must be https:// with a host name and a path, without a slash at its end",
    )
    .refine(
      (url) => url.includes("{repository}") && url.includes("{revision}"),
      "must say where {repository} and {revision} go, such as https://models.example.internal/{repository}/{revision}",
    ),
  /** Where that host is: pods ask for no names, so the address is written into their hosts file. */
  address,
  ...credentials,
});

const mountOptions = z.array(z.string().min(1));

const volume = z.discriminatedUnion("kind", [
  /** A claim of the storage class that the site fills by its own means. */
  z.strictObject({ kind: z.literal("class") }),
  z.strictObject({
    kind: z.literal("nfs"),
    server: z.string().min(1),
    path: folder,
    /** S02 wants one that encrypts. */
    mountOptions: mountOptions.default(["xprtsec=tls"]),
  }),
  /** A volume that exists already, by the handle that its driver knows it by. */
  z.strictObject({
    kind: z.literal("csi"),
    driver: z.string().regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, "must be the name of a driver"),
    volumeHandle: z.string().min(1),
    volumeAttributes: z.record(z.string(), z.string()).default({}),
    mountOptions: mountOptions.default([]),
  }),
  /** A folder of every GPU host's own disk. */
  z.strictObject({ kind: z.literal("local"), path: folder }),
]);

export const weightsSchema = z
  .strictObject({
    source: z.discriminatedUnion("kind", [hub, mirror]).exactOptional(),
    volume: volume.default({ kind: "class" }),
  })
  .superRefine(({ source, volume: { kind } }, context) => {
    if (kind === "class" && source !== undefined) {
      const message =
        "nothing is staged into volumes of a class; remove it, or name a volume of kind nfs, csi or local";
      context.addIssue({ code: "custom", path: ["source"], message });
    }
    if (kind !== "class" && source === undefined) {
      const message = `missing; a volume of kind ${kind} is staged by this stack, so name a hub or a mirror`;
      context.addIssue({ code: "custom", path: ["source"], message });
    }
  });

export type WeightsConfig = z.infer<typeof weightsSchema>;
export type WeightsSource = NonNullable<WeightsConfig["source"]>;
export type WeightsVolume = WeightsConfig["volume"];
/** A volume that the stack fills itself. */
export type StagedVolume = Exclude<WeightsVolume, { readonly kind: "class" }>;

/** The one place that staging may connect to. */
export interface SourceAddress {
  readonly address: string;
  readonly port: number;
}

export function sourceAddress(source: WeightsSource): SourceAddress {
  switch (source.kind) {
    case "hub":
      return { address: source.reach.address, port: source.reach.port };
    case "mirror":
      return { address: source.address, port: Number(new URL(source.url).port || 443) };
    default:
      source satisfies never;
      throw new Error("unreachable");
  }
}

/** That place as a range of one address. */
export function sourceCidr(source: WeightsSource): string {
  const { address: at } = sourceAddress(source);
  return `${at}/${at.includes(":") ? 128 : 32}`;
}
