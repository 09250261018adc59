/** Where one process of the rate-limit service listens, and what it reads. */
export interface ServicePlaces {
  /** Address for proxies. */
  readonly host: string;
  /** Address for Prometheus; empty for all of a pod. */
  readonly metricsHost: string;
  readonly ports: {
    readonly grpc: number;
    readonly metrics: number;
    readonly http: number;
    readonly debug: number;
  };
  /** Address and port of the counter. */
  readonly counter: string;
  /** Folder with `configFile` below. */
  readonly root: string;
}

const loopback = "127.0.0.1";

/** File of limits below `root`; the service reads every file of its folder. */
export const configFile = "ratelimit/config/limits.yaml";

/** Share of a limit from which on its metrics say so. */
export const nearLimit = 0.8;

/** Variable with the counter's password; the service takes it in no other way. */
export const passwordVariable = "REDIS_AUTH";

/**
 * Variables of the rate-limit service. What it serves beside gRPC and metrics stays on loopback: by its JSON
 * page anybody could count for anybody.
 */
export function serviceEnvironment(places: ServicePlaces): Readonly<Record<string, string>> {
  const { host, metricsHost, ports, counter, root } = places;
  return {
    GRPC_HOST: host,
    GRPC_PORT: String(ports.grpc),
    HOST: loopback,
    PORT: String(ports.http),
    DEBUG_HOST: loopback,
    DEBUG_PORT: String(ports.debug),
    USE_STATSD: "false",
    USE_PROMETHEUS: "true",
    PROMETHEUS_ADDR: `${metricsHost}:${ports.metrics}`,
    NEAR_LIMIT_RATIO: String(nearLimit),
    RUNTIME_ROOT: root,
    RUNTIME_SUBDIRECTORY: "ratelimit",
    RUNTIME_APPDIRECTORY: "config",
    RUNTIME_WATCH_ROOT: "false",
    // Without limits everything would be within them.
    HEALTHY_WITH_AT_LEAST_ONE_CONFIG_LOADED: "true",
    REDIS_SOCKET_TYPE: "tcp",
    REDIS_URL: counter,
    // Out of the Service at once when the counter is gone, so that proxies are refused and not kept waiting.
    REDIS_HEALTH_CHECK_ACTIVE_CONNECTION: "true",
    // Go would take every core of the machine and look for work on each; one is enough for thousands of requests
    // a second, and takes a quarter less of it for each (measured 2026-11-24 on two cores).
    GOMAXPROCS: "1",
    GOGC: "400",
    LOG_LEVEL: "warn",
    LOG_FORMAT: "json",
  };
}

/** Service of gRPC's health protocol that answers for the whole process. */
export const healthService = "ratelimit";
