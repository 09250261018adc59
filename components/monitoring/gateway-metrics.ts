/**
 * Metrics that alerts on the gateway use. Those of Envoy were read from a proxy of 1.40.0 with a certificate
 * that serves (2026-11); those of the rate-limit service from one of commit 3fb70258 that counted, with
 * and without its counter (2026-11); those of the route controller are its own.
 */
export const gatewayMetrics = {
  /** By listener and certificate. */
  certificateExpiry: "envoy_listener_ssl_certificate_expiration_unix_time_seconds",
  /** Servers of a cluster that may get requests. */
  healthy: "envoy_cluster_membership_healthy",
  /** Answers to clients by class of status. */
  answers: "envoy_http_downstream_rq_xx",
  routes: "private_llm_routes_info",
  routesReplicas: "private_llm_routes_replicas",
  routesOverride: "private_llm_routes_override",
  routesFault: "private_llm_routes_desired_fault",
  routesWatchAge: "private_llm_routes_watch_age_seconds",
  /** Units counted above eight tenths of a limit, and above the limit; `key1` names it, `key2` its month. */
  nearLimit: "ratelimit_service_rate_limit_near_limit",
  overLimit: "ratelimit_service_rate_limit_over_limit",
  /** Connections of the rate-limit service to its counter. */
  counterConnections: "ratelimit_redis_pool_cx_active",
} as const;
