/** How weights are stored and computed with. Checkpoints exist per precision; an engine detects which it has. */
export type Precision = "bf16" | "fp8" | "int8" | "awq" | "gptq";

/** How keys and values of the attention cache are stored. */
export type CachePrecision = "bf16" | "fp8";
