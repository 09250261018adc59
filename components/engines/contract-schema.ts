import { z } from "zod";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * What one release of an engine takes and exports, read in its sources by `npm run engine-contract`;
 * data only, and nobody edits it.
 */
export const contractSchema = z.strictObject({
  engine: z.literal("vllm"),
  version: z.string(),
  basis: z.literal("read in source"),
  /** Where the sources were taken from; the digest is the index's, since the wheel is not fetched whole. */
  wheel: z.strictObject({ name: z.string(), sha256 }),
  /** SHA-256 by path of each file that was read. */
  sources: z.record(z.string(), sha256),
  /** By long name: how many words belong to a flag. `optional`: one, or none. */
  flags: z.record(
    z.string().startsWith("--"),
    z.enum(["nothing", "value", "values", "json", "optional"]),
  ),
  aliases: z.record(z.string(), z.string()),
  /** Names that it reads from its environment; those of its libraries are not among them. */
  environment: z.array(z.string()),
  /** Values of `--tool-call-parser` that load no foreign code. */
  toolParsers: z.array(z.string()),
  /** By family name as Prometheus shows it; `null`: only a run would tell the labels. */
  metrics: z.record(
    z.string(),
    z.strictObject({
      kind: z.enum(["counter", "gauge", "histogram"]),
      labels: z.array(z.string()).nullable(),
    }),
  ),
});

export type EngineContract = z.infer<typeof contractSchema>;
