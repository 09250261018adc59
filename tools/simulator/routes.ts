import type { Role } from "./options.ts";

type Get = "health" | "version" | "metrics" | "models" | "model";
/** What the fault `status`, `reset`, `wedge` and `full` apply to. */
export type Inference = "chat" | "completion" | "embeddings" | "invocations";

export interface Route {
  readonly kind: Get | Inference | "tokenize";
  /** Demands the key, where there is one. */
  readonly guarded: boolean;
  /** Of a path that names it; the body does otherwise. */
  readonly model?: string;
}

export type FindRoute = (path: string, query: URLSearchParams | undefined) => Route | undefined;

/** The engine's guard knows the prefix /v1 alone, so whatever lies beside it answers everybody. */
const openPaths: Readonly<Record<string, Route>> = {
  "/health": { kind: "health", guarded: false },
  "/ping": { kind: "health", guarded: false },
  "/version": { kind: "version", guarded: false },
  "/metrics": { kind: "metrics", guarded: false },
  "/tokenize": { kind: "tokenize", guarded: false },
  "/invocations": { kind: "invocations", guarded: false },
};

export function routes(role: Role, basePath: string): FindRoute {
  const paths = new Map<string, Route>(Object.entries(role === "engine" ? openPaths : {}));
  paths.set(`${basePath}/chat/completions`, { kind: "chat", guarded: true });
  paths.set(`${basePath}/completions`, { kind: "completion", guarded: true });
  paths.set(`${basePath}/embeddings`, { kind: "embeddings", guarded: true });
  paths.set(`${basePath}/models`, { kind: "models", guarded: true });
  if (role === "engine") return (path) => paths.get(path);
  return (path, query) =>
    paths.get(path) ?? model(`${basePath}/models/`, path) ?? deployment(path, query);
}

function model(prefix: string, path: string): Route | undefined {
  if (!path.startsWith(prefix)) return undefined;
  return { kind: "model", guarded: true, model: decoded(path.slice(prefix.length)) };
}

/** Azure's form: it names the model in the path and demands a version. */
function deployment(path: string, query: URLSearchParams | undefined): Route | undefined {
  const found = /^\/openai\/deployments\/([^/]+)\/(chat\/completions|completions|embeddings)$/.exec(
    path,
  );
  if (found === null || !query?.has("api-version")) return undefined;
  const [, name = "", operation] = found;
  const kinds = { "chat/completions": "chat", completions: "completion" } as const;
  const kind =
    operation === "chat/completions" || operation === "completions"
      ? kinds[operation]
      : "embeddings";
  return { kind, guarded: true, model: decoded(name) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A broken escape names no model that is served.
    return text;
  }
}

const pages: readonly Route["kind"][] = ["health", "version", "metrics", "models", "model"];

export function method({ kind }: Route): "GET" | "POST" {
  return pages.includes(kind) ? "GET" : "POST";
}

export function isApi({ kind }: Route): boolean {
  return kind !== "health" && kind !== "version" && kind !== "metrics";
}
