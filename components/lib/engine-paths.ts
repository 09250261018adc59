/**
 * The only paths of an engine that a gateway hands on. The engine serves many more, and its key guards only
 * some of them; answers of `/v1/responses` are missing from the accounts of common gateways. Source:
 * entrypoints of vLLM 0.33.0, read 2026-11.
 */
export const enginePaths = [
  "/v1/chat/completions",
  "/v1/completions",
  "/v1/embeddings",
  "/v1/models",
] as const;
