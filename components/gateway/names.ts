/** Names that the gateway's parts know each other by; each is unique in the gateway's namespace. */

/** Serves public classes; the only one that may reach the egress gateway. */
export const openGateway = "gateway";
/** Serves every class above public; its configuration knows no outside. */
export const closedGateway = "gateway-closed";
/** The only pods with a way out. */
export const egressGateway = "gateway-egress";
/** Watches the API, serves routes and endpoints by xDS. */
export const routeController = "gateway-routes";

/** ConfigMaps with an Envoy configuration under this key; one per proxy, named after it. */
export const bootstrapKey = "envoy.json";
export function bootstrapConfigMap(proxy: string): string {
  return `${proxy}-envoy`;
}

/** ConfigMap of the desired routes, written by the program. */
export const desiredConfigMap = "gateway-desired";
export const desiredKey = "desired.json";
/** ConfigMap of the override, written by `traffic`. */
export const overrideConfigMap = "gateway-override";
export const overrideKey = "override.json";
/** ConfigMap in which the route controller says what is in force where. */
export const statusConfigMap = "gateway-status";
export const statusKey = "status.json";

/** ConfigMaps of the chain of changes: this prefix and six digits. */
export const recordPrefix = "traffic-record-";
export const recordKey = "record.json";
/** Entries beside it: who wrote it, which admission compares with who asked, and the hash of its content. */
export const recordUserKey = "user";
export const recordHashKey = "hash";
/** Label of a record, by which admission knows it. */
export const recordLabel = "private-llm/traffic-record";

/** Secret with the clients' keys, written by `keys`; one file per proxy that clients call. */
export const keysSecret = "gateway-keys";
/** Secret with the same files and no key in them, so that a proxy starts before the first key was issued. */
export const noKeysSecret = "gateway-keys-none";
export function keysFile(proxy: typeof openGateway | typeof closedGateway): string {
  return `${proxy}.json`;
}
/** Secret with the engines' own keys, one entry per model. */
export const engineKeysSecret = "gateway-engine-keys";
/** Secret with the key that the egress gateway demands of the open one; both sides' files are in it. */
export const egressKeySecret = "gateway-egress-key";
/** Its entry with the bare key, which the open gateway sends. */
export const egressKeyField = "key";
/** Its entry with the resource that the egress gateway checks the key against. */
export const egressKeysFile = "egress.json";
/** Entry of a provider's Secret that holds its key. */
export const providerKeyField = "api-key";
/** Secret of the certificate that clients see, where the program asks for one. */
export const certificateSecret = "gateway-tls";

/** Entries of the counter's Secret: the password that the rate-limit service shows, and the file by which it is known. */
export const counterPasswordField = "password";
export const counterUsersFile = "users.acl";

/** Ports of the pods. */
export const ports = {
  /** Clients, TLS. */
  clients: 8443,
  /** Readiness and metrics of a proxy; nothing else of its admin interface. */
  metrics: 9902,
  /** Admin interface of a proxy, on loopback alone. */
  admin: 9901,
  /** Health checks on their way through the proxy itself, which adds the engine's key; on loopback alone. */
  health: 9903,
  /** Routes and endpoints of the controller. */
  xds: 8080,
  /** Health and metrics of the controller. */
  controllerHealth: 8081,
  /** The rate-limit service, gRPC. */
  limits: 8082,
  /** Its metrics. */
  limitsMetrics: 9904,
  /** What else it serves, on loopback alone: limits by JSON, and what it was configured with. */
  limitsHttp: 8083,
  limitsDebug: 8084,
  /** Redis. */
  counter: 6379,
  /** Lowest listener of the egress gateway; one per model of a provider, its port by the name of its cluster. */
  egress: 10_100,
} as const;

/** Where pods find their files. */
export const paths = {
  bootstrap: "/etc/envoy/config",
  keys: "/etc/envoy/keys",
  engineKeys: "/etc/envoy/engine-keys",
  egressKey: "/etc/envoy/egress-key",
  providerKeys: "/etc/envoy/provider-keys",
  tls: "/etc/envoy/tls",
  /** Of the image. */
  authorities: "/etc/ssl/certs/ca-certificates.crt",
} as const;

/** Path of a provider's key; each provider's Secret is a folder of its own. */
export function providerKeyPath(provider: string): string {
  return `${paths.providerKeys}/${provider}/${providerKeyField}`;
}

/** Header by which the gateway's own filters tell a route whose key it was: `CLASS/TEAM`; a client's own is removed. */
export const clientHeader = "x-private-llm-client";
/** Header with the key between the open gateway and the egress gateway. */
export const egressKeyHeader = "x-private-llm-egress";
/** Header in which a proxy notes the month of a request for itself. */
export const monthHeader = "x-private-llm-month";
/** Header of an answer with the cluster whose server gave it, for clients, log and metrics. */
export const backendHeader = "x-private-llm-backend";
/** Header of the egress gateway's answer when it lets nothing out; the open gateway then asks a model inside. */
export const refusedHeader = "x-private-llm-refused";
/** Route configuration that the controller serves. */
export const routeConfigName = "task-classes";
/** Cluster of the controller in every bootstrap that asks it. */
export const xdsCluster = "route-controller";
/** Cluster of the rate-limit service in every bootstrap that counts. */
export const limitsCluster = "limits";
/** The rate-limit service, which proxies ask before and after a request. */
export const limitsService = "gateway-limits";
/** The counter that it keeps its numbers in. */
export const limitsCounter = "gateway-counter";
