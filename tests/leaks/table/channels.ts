import type { Leak } from "../leak.ts";
import { add, all, kube } from "../support/change.ts";
import { append, merge, replace, set } from "../support/edit.ts";
import { argument, engine, enginePod, variables } from "../support/engine.ts";
import { allowIngress, engineLabels } from "../support/objects.ts";

/** Traces, caches and channels between engines. Rows 46 to 49. */
export const channels: readonly Leak[] = [
  {
    row: 46,
    title: "Traces and error reports with content go to a collector",
    catchers: ["A08"],
    column: "policy",
    variants: [
      {
        name: "flag",
        title: "the engine traces to a vendor",
        stack: "prod",
        change: argument("--otlp-traces-endpoint", "https://otlp.example.com:4317"),
      },
      {
        name: "variable",
        title: "the same by the variable that every library reads",
        stack: "staging",
        change: variables({ OTEL_EXPORTER_OTLP_ENDPOINT: "https://otlp.example.com:4318" }),
      },
      {
        name: "error-reports",
        title: "errors go to a vendor, with the local variables of their frames",
        stack: "prod",
        change: variables({ SENTRY_DSN: "https://0@o0.ingest.sentry.example.com/1" }),
      },
      {
        name: "injected-agent",
        title: "an operator is asked to put its agent into the engine",
        stack: "staging",
        change: enginePod(
          merge("metadata.annotations", {
            "instrumentation.opentelemetry.io/inject-python": "true",
          }),
        ),
      },
      {
        name: "collector",
        title: "a collector inside passes traces on to a vendor",
        stack: "prod",
        unserved: "the definitions of the OpenTelemetry operator are in no pinned module",
        change: add(
          kube("opentelemetry.io/v1beta1", "OpenTelemetryCollector", "monitoring/traces", {
            spec: {
              config: {
                receivers: { otlp: { protocols: { grpc: {} } } },
                exporters: { otlphttp: { endpoint: "https://otlp.example.com" } },
                service: {
                  pipelines: { traces: { receivers: ["otlp"], exporters: ["otlphttp"] } },
                },
              },
            },
          }),
        ),
      },
    ],
  },
  {
    row: 47,
    title: "The time to the first token tells one tenant what another asked",
    catchers: ["A09", "A13"],
    column: "policy",
    variants: [
      {
        name: "old-engine",
        title: "an engine from before the salt",
        stack: "prod",
        change: engine(replace("image", /@sha256:\w+$/, `:v0.8.4@sha256:${"0b".repeat(32)}`)),
      },
      {
        name: "unread-digest",
        title: "a digest that nobody read, of an engine of unknown age",
        stack: "staging",
        change: engine(replace("image", /@sha256:\w+$/, `@sha256:${"0c".repeat(32)}`)),
      },
      {
        name: "weak-hash",
        title: "blocks of the cache are found by a hash that can be made to collide",
        stack: "prod",
        change: argument("--prefix-caching-hash-algo", "xxhash"),
      },
    ],
  },
  {
    row: 48,
    title: "Channels between engines, open to every interface and to nobody's key",
    catchers: ["A10"],
    column: "policy",
    variants: [
      {
        name: "cache-transfer",
        title: "the cache is handed to another engine over a side channel on all interfaces",
        stack: "prod",
        change: all(
          argument('--kv-transfer-config={"kv_connector":"NixlConnector","kv_role":"kv_both"}'),
          variables({ VLLM_NIXL_SIDE_CHANNEL_HOST: "0.0.0.0" }),
        ),
      },
      {
        name: "remote-cache",
        title: "the cache lives on a server that several models use",
        stack: "staging",
        change: all(
          argument(
            "--kv-transfer-config",
            '{"kv_connector":"LMCacheConnectorV1","kv_role":"kv_both"}',
          ),
          variables({ LMCACHE_REMOTE_URL: "lm://cache.shared.svc:65432" }),
        ),
      },
      {
        name: "events",
        title: "events about the cache are published on all interfaces",
        stack: "prod",
        change: argument(
          '--kv-events-config={"enable_kv_cache_events":true,"publisher":"zmq","endpoint":"tcp://*:5557"}',
        ),
      },
      {
        name: "open-ports",
        title: "the ports of the process group are open to the gateway's namespace and all others",
        stack: "staging",
        change: add(
          allowIngress(
            "inference/process-group",
            [
              {
                from: [{ namespaceSelector: {} }],
                ports: [{ protocol: "TCP", port: 29_500, endPort: 29_600 }],
              },
            ],
            { matchLabels: engineLabels },
          ),
        ),
      },
      {
        name: "two-nodes",
        title: "one model on two nodes, with the process group on every address",
        stack: "prod",
        change: argument("--nnodes=2", "--node-rank=0", "--master-addr=0.0.0.0"),
      },
    ],
  },
  {
    row: 49,
    title: "Compiled code from a folder that others can write to",
    catchers: ["A09"],
    column: "policy",
    variants: [
      {
        name: "beside-the-weights",
        title: "the cache lies beside the weights, to be kept",
        stack: "prod",
        change: all(
          enginePod(set("spec.volumes[0].persistentVolumeClaim.readOnly", false)),
          engine(set("volumeMounts[0].readOnly", false)),
          variables({ VLLM_CACHE_ROOT: "/models/cache" }),
        ),
      },
      {
        name: "shared-claim",
        title: "the cache lies on a claim that all models mount",
        stack: "staging",
        change: all(
          add(
            kube("v1", "PersistentVolumeClaim", "inference/compile-cache", {
              spec: {
                accessModes: ["ReadWriteMany"],
                storageClassName: "weights",
                resources: { requests: { storage: "50Gi" } },
              },
            }),
          ),
          enginePod(
            append("spec.volumes", {
              name: "compiled",
              persistentVolumeClaim: { claimName: "compile-cache" },
            }),
          ),
          engine(append("volumeMounts", { name: "compiled", mountPath: "/compiled" })),
          variables({ TORCHINDUCTOR_CACHE_DIR: "/compiled" }),
        ),
      },
      {
        name: "sub-folder",
        title: "the scratch folder itself becomes a folder of the shared claim",
        stack: "prod",
        change: all(
          enginePod(
            set("spec.volumes[2]", {
              name: "scratch",
              persistentVolumeClaim: { claimName: "llama-3-70b-weights" },
            }),
          ),
          engine(merge("volumeMounts[2]", { subPath: "scratch" })),
        ),
      },
    ],
  },
];
