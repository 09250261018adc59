import type { Leak } from "../leak.ts";
import { add, all, kube } from "../support/change.ts";
import { append } from "../support/edit.ts";
import { argument, engine, model, variables } from "../support/engine.ts";
import { configFile } from "../support/objects.ts";

/** What a request can make the engine do, and what is written down about it. Rows 42 to 45. */
export const requests: readonly Leak[] = [
  {
    row: 42,
    title: "The engine fetches what a request names",
    catchers: ["A04"],
    column: "policy",
    variants: [
      {
        name: "redirects",
        title: "an allowed host may redirect to any other",
        stack: "prod",
        change: variables({ VLLM_MEDIA_URL_ALLOW_REDIRECTS: undefined }),
      },
      {
        name: "foreign-domain",
        title: "media from a domain outside",
        stack: "staging",
        change: argument("--allowed-media-domains", "images.example.com"),
      },
      {
        name: "local-files",
        title: "media from the container's own files",
        stack: "prod",
        change: argument("--allowed-local-media-path=/"),
      },
    ],
  },
  {
    row: 43,
    title: "Prompts and answers in logs",
    catchers: ["A05"],
    column: "policy",
    variants: [
      {
        name: "log-requests",
        title: "requests are logged",
        stack: "prod",
        change: argument("--enable-log-requests"),
      },
      {
        name: "log-outputs",
        title: "answers are logged",
        stack: "staging",
        change: argument("--enable-log-outputs"),
      },
      {
        name: "debug",
        title: "the log level shows prompts",
        stack: "prod",
        change: variables({ VLLM_LOGGING_LEVEL: "DEBUG" }),
      },
      {
        name: "bodies",
        title: "bodies of requests are logged at the ordinary level",
        stack: "staging",
        change: variables({ VLLM_REQUEST_BODY_LOG_LEVEL: "INFO" }),
      },
      {
        name: "server-log",
        title: "the web server traces",
        stack: "prod",
        change: argument("--uvicorn-log-level", "trace"),
      },
      {
        name: "gateway-bodies",
        title: "the gateway's access log holds the body",
        stack: "staging",
        change: add(
          configFile("gateway/nginx", "nginx.conf", [
            "http {",
            "  log_format full '$remote_addr $request $request_body';",
            "  access_log /dev/stdout full;",
            "}",
          ]),
        ),
      },
    ],
  },
  {
    row: 44,
    title: "Tools of the engine that browse or run code",
    catchers: ["A06"],
    column: "policy",
    variants: [
      {
        name: "demo",
        title: "the tools that come with the engine",
        stack: "prod",
        change: argument("--tool-server=demo"),
      },
      {
        name: "mcp",
        title: "a tool server in the cluster",
        stack: "staging",
        change: argument("--tool-server", "browser.tools.svc:8001,python.tools.svc:8002"),
      },
    ],
  },
  {
    row: 45,
    title: "Paths of the engine that ask for no key",
    catchers: ["A07", "A11"],
    column: "policy",
    variants: [
      {
        name: "developer-mode",
        title: "developer mode",
        stack: "prod",
        change: variables({ VLLM_SERVER_DEV_MODE: "1" }),
      },
      {
        name: "adapters-at-run-time",
        title: "adapters are loaded while it runs",
        stack: "staging",
        change: all(
          argument("--enable-lora"),
          variables({ VLLM_ALLOW_RUNTIME_LORA_UPDATING: "True" }),
        ),
      },
      {
        name: "insecure-serialisation",
        title: "objects from the wire are unpickled",
        stack: "prod",
        change: variables({ VLLM_ALLOW_INSECURE_SERIALIZATION: "1" }),
      },
      {
        name: "prompt-embeds",
        title: "prompts come as tensors",
        stack: "staging",
        change: argument("--enable-prompt-embeds"),
      },
      {
        name: "no-key",
        title: "the engine has no key at all",
        stack: "prod",
        change: variables({ VLLM_API_KEY: undefined }),
      },
      {
        name: "every-path",
        title: "the gateway passes every path on",
        stack: "staging",
        unserved: "the definitions of the Gateway API are in no pinned module",
        change: add(
          kube("gateway.networking.k8s.io/v1", "HTTPRoute", "gateway/models", {
            spec: {
              parentRefs: [{ name: "gateway" }],
              rules: [
                {
                  matches: [{ path: { type: "PathPrefix", value: "/" } }],
                  backendRefs: [{ name: model, namespace: "inference", port: 8000 }],
                },
              ],
            },
          }),
        ),
      },
      {
        name: "key-in-clear",
        title: "the key stands in the Deployment",
        stack: "prod",
        change: all(
          variables({ VLLM_API_KEY: undefined }),
          engine(append("env", { name: "VLLM_API_KEY", value: "changeme" })),
        ),
      },
    ],
  },
];
