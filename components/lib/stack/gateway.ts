import { z } from "zod";
import { addressFault, cidrFault } from "../cidr.ts";
import { externalCluster } from "../migration/desired.ts";
import { criticalities, phaseNames } from "../migration/phases.ts";
import { limitsSchema, tokenPriceSchema } from "./limits.ts";
import { limitsFaults } from "./limits-faults.ts";
import { dnsLabel } from "./namespaces.ts";

/** The gateway of a stack: who may call, which task classes there are, and who answers them. */

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
const tokens = z.int().positive();
const hostName = z
  .string()
  .regex(
    /^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/,
    "must be a full host name in lower case, such as api.openai.com",
  );
/** A model's name at a provider; it goes into a path and into JSON. */
const modelName = z
  .string()
  .regex(/^[A-Za-z0-9][\w.:/-]{0,127}$/, "must be letters, digits and . _ : / - only");

const localBackend = z.strictObject({
  kind: z.literal("local"),
  name: dnsLabel,
  /** Name of a model of this stack. */
  model: dnsLabel,
});
const externalBackend = z.strictObject({
  kind: z.literal("external"),
  name: dnsLabel,
  /** Name of a provider of this gateway. */
  provider: dnsLabel,
  model: modelName,
});

/** Whole percent by backend. */
const weights = z
  .record(dnsLabel, z.int().min(0).max(100))
  .refine(
    (shares) => Object.values(shares).reduce((sum, share) => sum + share, 0) === 100,
    "must add up to 100 percent",
  );

const anyClass = {
  name: dnsLabel.max(40, "is longer than 40 characters; shorten it"),
  criticality: z.enum(criticalities),
  phase: z.enum(phaseNames).exactOptional(),
  weights: z.partialRecord(z.enum(phaseNames), weights).exactOptional(),
  latencyBudgetSeconds: z.number().positive().max(600).default(5),
  maxInputTokens: tokens.default(4096),
  maxOutputTokens: tokens.default(1024),
};

const publicClass = z.strictObject({
  ...anyClass,
  dataClass: z.literal("public"),
  backends: z
    .array(z.discriminatedUnion("kind", [localBackend, externalBackend]))
    .min(1, "name at least one backend"),
  failover: z.boolean().default(false),
});

/** Above public nothing but models of this stack can be named. */
const closedClass = z.strictObject({
  ...anyClass,
  dataClass: z.enum(["internal", "restricted"]),
  backends: z
    .array(
      z.discriminatedUnion("kind", [localBackend], {
        error: () =>
          "a class above public has backends of kind local only; remove the provider, or make the class public",
      }),
    )
    .min(1, "name at least one backend"),
});

const taskClass = z.discriminatedUnion("dataClass", [publicClass, closedClass]);

const provider = z.strictObject({
  name: dnsLabel.max(40, "is longer than 40 characters; shorten it"),
  host: hostName,
  port: port.default(443),
  api: z.discriminatedUnion("kind", [
    /** OpenAI and everybody who speaks as it does. */
    z.strictObject({
      kind: z.literal("openai"),
      basePath: z
        .string()
        .regex(/^(\/[\w.-]+)+$/, "must start with a slash and not end in one, such as /v1")
        .default("/v1"),
    }),
    z.strictObject({
      kind: z.literal("azure-openai"),
      apiVersion: z.string().regex(/^[\w.-]+$/, "must be a version, such as 2024-10-21"),
    }),
  ]),
  /** Secret of the gateway's namespace with the provider's key under `api-key`; made by hand, in no stack file. */
  keySecret: dnsLabel,
  /** How the provider is reached. */
  reach: z.discriminatedUnion("kind", [
    /** The site's own proxy, by CONNECT. */
    z.strictObject({ kind: z.literal("forward-proxy"), address, port }),
    /** Any address on the provider's port, by exact SNI; needs a dated exception of E05. */
    z.strictObject({ kind: z.literal("internet") }),
  ]),
});

const issuer = z.strictObject({
  name: dnsLabel,
  kind: z.enum(["Issuer", "ClusterIssuer"]).default("ClusterIssuer"),
});

const tls = z.discriminatedUnion("kind", [
  /** A Secret of type kubernetes.io/tls that somebody else keeps. */
  z.strictObject({ kind: z.literal("secret"), secret: dnsLabel }),
  z.strictObject({
    kind: z.literal("cert-manager"),
    issuer,
    dnsNames: z.array(hostName).min(1),
  }),
  /** A CA that the local cluster makes for itself. */
  z.strictObject({ kind: z.literal("development") }),
]);

/** Who may open a connection to the gateway. */
const client = z.union([
  z.strictObject({
    namespace: dnsLabel,
    labels: z.record(text, text).exactOptional(),
  }),
  z.strictObject({ cidr }),
]);

/** A gateway, each field by itself. */
export const gatewayShape = z.strictObject({
  /** The model name that clients send, whoever answers. */
  publicModel: dnsLabel,
  replicas: z
    .strictObject({ min: z.int().min(2).max(20), max: z.int().min(2).max(40) })
    .refine(({ min, max }) => min <= max, { path: ["max"], message: "is smaller than min" })
    .default({ min: 2, max: 6 }),
  tls,
  clients: z.array(client).min(1, "name who may call, by namespace or range"),
  /** ClusterIP of the route controller, by which proxies reach it without DNS. @default - the 32nd of serviceCidr */
  controllerAddress: address.exactOptional(),
  phase: z.enum(phaseNames),
  providers: z.array(provider).default([]),
  taskClasses: z.array(taskClass).min(1, "name at least one task class"),
  /** What tokens cost, by model. @default - components/lib/spend/prices.ts */
  prices: z.array(tokenPriceSchema).default([]),
  /** @default - nothing is limited, and no counter runs */
  limits: limitsSchema.exactOptional(),
});

/** `Pulumi.yaml` gives an absent object as `{}`. */
export const gatewaySchema = z.preprocess(
  (given) =>
    typeof given === "object" && given !== null && Object.keys(given).length === 0
      ? undefined
      : given,
  gatewayShape
    .superRefine((gateway, context) => {
      for (const { path, message } of gatewayFaults(gateway)) {
        context.addIssue({ code: "custom", path: [...path], message });
      }
    })
    .optional(),
);

export type GatewayConfig = z.infer<typeof gatewayShape>;
export type ProviderConfig = GatewayConfig["providers"][number];
export type GatewayClient = GatewayConfig["clients"][number];
export type GatewayTls = GatewayConfig["tls"];

interface Fault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What the parts of a gateway ask of each other. */
function gatewayFaults(gateway: GatewayConfig): Fault[] {
  const { providers, taskClasses } = gateway;
  const known = new Set(providers.map(({ name }) => name));
  return [
    ...repeated(providers, ["providers"]),
    ...repeated(taskClasses, ["taskClasses"]),
    ...confused(taskClasses),
    ...limitsFaults(gateway),
    ...taskClasses.flatMap((one, index) => {
      const at = ["taskClasses", index];
      const names = new Set<string>(one.backends.map(({ name }) => name));
      return [
        ...repeated(one.backends, [...at, "backends"]),
        ...one.backends.flatMap((backend, place): Fault[] =>
          backend.kind === "local" || known.has(backend.provider)
            ? []
            : [
                {
                  path: [...at, "backends", place, "provider"],
                  message: `"${backend.provider}" is no provider of this gateway; name one of ${[...known].join(", ") || "gateway.providers, which is empty"}`,
                },
              ],
        ),
        ...Object.entries(one.weights ?? {}).flatMap(([phase, shares]) =>
          Object.keys(shares)
            .filter((name) => !names.has(name))
            .map((name) => ({
              path: [...at, "weights", phase, name],
              message: `"${name}" is no backend of ${one.name}; name one of ${[...names].join(", ")}`,
            })),
        ),
      ];
    }),
  ];
}

/** A cluster stands for one model of one provider; two that it could stand for would get each other's requests. */
function confused(taskClasses: GatewayConfig["taskClasses"]): Fault[] {
  const seen = new Map<string, string>();
  return taskClasses.flatMap((one, index) =>
    one.backends.flatMap((backend, place): Fault[] => {
      if (backend.kind === "local") return [];
      const cluster = externalCluster(backend.provider, backend.model);
      const meant = `${backend.model} of ${backend.provider}`;
      const other = seen.get(cluster) ?? meant;
      seen.set(cluster, other);
      if (other === meant) return [];
      const message = `"${meant}" and "${other}" would both be ${cluster}; use one of them, or rename a provider`;
      return [{ path: ["taskClasses", index, "backends", place, "model"], message }];
    }),
  );
}

function repeated(
  list: readonly { readonly name: string }[],
  path: readonly (string | number)[],
): Fault[] {
  return list.flatMap(({ name }, index) =>
    list.findIndex((other) => other.name === name) === index
      ? []
      : [{ path: [...path, index, "name"], message: `"${name}" is used twice; names must differ` }],
  );
}
