import { z } from "zod";
import { countParameters } from "../../components/lib/models/parameters.ts";
import type { ModelShape } from "../../components/lib/models/shape.ts";

/** Decoders whose size and cache this product can work out from their `config.json`. */
const architectures = [
  "LlamaForCausalLM",
  "MistralForCausalLM",
  "MixtralForCausalLM",
  "Qwen2ForCausalLM",
] as const;

/** What a field of `config.json` is wrong by; the field as a path within the file. */
export interface HubFault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** No field of a model that anybody serves is larger, and no product of them overflows. */
const size = z.int().positive().max(10_000_000);

const rope = z.looseObject({
  rope_type: z.string().optional(),
  /** The name before transformers 4.43. */
  type: z.string().optional(),
  factor: z.number().positive().max(1_000).optional(),
  original_max_position_embeddings: size.optional(),
});

/** `config.json` as transformers writes it; what is not named here does not matter for size. */
const hubSchema = z.looseObject({
  architectures: z.array(z.string()).min(1),
  num_hidden_layers: size.max(1_000),
  hidden_size: size,
  intermediate_size: size,
  num_attention_heads: size,
  num_key_value_heads: size.nullish(),
  head_dim: size.nullish(),
  vocab_size: size,
  max_position_embeddings: size,
  tie_word_embeddings: z.boolean().default(false),
  attention_bias: z.boolean().default(false),
  num_local_experts: size.optional(),
  num_experts_per_tok: size.optional(),
  is_encoder_decoder: z.boolean().default(false),
  rope_scaling: rope.nullish(),
  /** The name since transformers 5. */
  rope_parameters: rope.nullish(),
  torch_dtype: z.string().nullish(),
  dtype: z.string().nullish(),
});

type HubConfig = z.infer<typeof hubSchema>;

/** The shape that a `config.json` states, or everything that is wrong with it. */
export function shapeOfHubConfig(
  config: unknown,
): { readonly shape: ModelShape } | { readonly error: z.ZodError | readonly HubFault[] } {
  const parsed = hubSchema.safeParse(config);
  if (!parsed.success) return { error: parsed.error };
  const hub = parsed.data;
  const nativeContextTokens = contextTokens(hub);
  const faults = hubFaults(hub);
  if (nativeContextTokens === undefined) faults.push(ropeFault(hub));
  if (nativeContextTokens === undefined || faults.length > 0) return { error: faults };
  const attentionHeads = hub.num_attention_heads;
  const counted = {
    layers: hub.num_hidden_layers,
    hiddenSize: hub.hidden_size,
    intermediateSize: hub.intermediate_size,
    attentionHeads,
    // As transformers does: without the field every query head has keys and values of its own.
    keyValueHeads: hub.num_key_value_heads ?? attentionHeads,
    headDimension: hub.head_dim ?? hub.hidden_size / attentionHeads,
    vocabularySize: hub.vocab_size,
    tiedEmbeddings: hub.tie_word_embeddings,
  };
  const architecture = hub.architectures[0] ?? "";
  const { total, active } = countParameters({
    ...counted,
    // Qwen2 has it whatever the file says.
    attentionBias: architecture === "Qwen2ForCausalLM" || hub.attention_bias,
    experts: experts(hub),
  });
  return {
    shape: {
      architecture,
      ...counted,
      parametersBillion: total,
      activeParametersBillion: active,
      nativeContextTokens,
    },
  };
}

function hubFaults(hub: HubConfig): HubFault[] {
  const heads = hub.num_attention_heads;
  const keyValueHeads = hub.num_key_value_heads ?? heads;
  const dtype = hub.dtype ?? hub.torch_dtype ?? "bfloat16";
  return [
    ...kindFaults(hub),
    ...faultIf(
      heads % keyValueHeads !== 0,
      "num_key_value_heads",
      `${keyValueHeads} does not divide the ${heads} attention heads`,
    ),
    ...faultIf(
      (hub.head_dim ?? undefined) === undefined && hub.hidden_size % heads !== 0,
      "head_dim",
      `missing, and hidden_size ${hub.hidden_size} is no multiple of the ${heads} attention heads`,
    ),
    ...faultIf(
      dtype !== "bfloat16" && dtype !== "float16",
      hub.dtype === undefined ? "torch_dtype" : "dtype",
      `${JSON.stringify(dtype)} is not stored in 16 bits; convert the weights to bfloat16`,
    ),
    ...faultIf(
      "quantization_config" in hub,
      "quantization_config",
      "this is a quantised checkpoint; name the config.json of the BF16 one, and this one's repository under checkpoints",
    ),
  ];
}

/** Models of another kind than a decoder of text. */
function kindFaults(hub: HubConfig): HubFault[] {
  const architecture = hub.architectures[0];
  const mixture = architecture === "MixtralForCausalLM";
  const { num_local_experts: count, num_experts_per_tok: perToken } = hub;
  return [
    ...faultIf(
      !architectures.some((known) => known === architecture),
      "architectures",
      `${JSON.stringify(architecture)} is none whose size is known; this product sizes ${architectures.join(", ")}`,
    ),
    ...["vision_config", "audio_config", "text_config"].flatMap((field) =>
      faultIf(field in hub, field, "images and sound are not served; choose a model of text alone"),
    ),
    ...faultIf(
      hub.is_encoder_decoder,
      "is_encoder_decoder",
      "only decoders are served; choose another model",
    ),
    ...faultIf(
      "auto_map" in hub,
      "auto_map",
      "names code in the repository, and the engine never runs code that comes with weights",
    ),
    ...faultIf(
      mixture && (count === undefined || perToken === undefined),
      "num_local_experts",
      "missing, or num_experts_per_tok is; a mixture of experts states both",
    ),
    ...faultIf(
      !mixture && (count ?? 1) > 1,
      "num_local_experts",
      `${count} experts, but ${architecture} is no mixture of experts`,
    ),
    ...faultIf(
      count !== undefined && perToken !== undefined && perToken > count,
      "num_experts_per_tok",
      `${perToken} is more than the ${count} experts`,
    ),
  ];
}

function experts(hub: HubConfig) {
  const { num_local_experts: count, num_experts_per_tok: perToken } = hub;
  return count === undefined || perToken === undefined ? undefined : { count, perToken };
}

function ropeOf(hub: HubConfig) {
  return hub.rope_parameters ?? hub.rope_scaling ?? undefined;
}

/**
 * Longest sequence as the engine works it out; undefined where it cannot be told.
 * Source: `_get_and_verify_max_len` of vLLM, 2026-11, not verified for the pinned release.
 */
function contextTokens(hub: HubConfig): number | undefined {
  const scaling = ropeOf(hub);
  const type = scaling?.rope_type ?? scaling?.type ?? "default";
  const { factor, original_max_position_embeddings: original } = scaling ?? {};
  switch (type) {
    case "default":
    case "llama3":
      return hub.max_position_embeddings;
    case "linear":
    case "dynamic":
      return factor === undefined ? undefined : Math.floor(hub.max_position_embeddings * factor);
    case "yarn":
      return factor === undefined || original === undefined
        ? undefined
        : Math.floor(original * factor);
    default:
      return undefined;
  }
}

function ropeFault(hub: HubConfig): HubFault {
  return {
    path: [(hub.rope_parameters ?? undefined) === undefined ? "rope_scaling" : "rope_parameters"],
    message: `${JSON.stringify(ropeOf(hub))} is a scaling whose context cannot be worked out; known are llama3, linear and dynamic with factor, and yarn with factor and original_max_position_embeddings`,
  };
}

function faultIf(wrong: boolean, field: string, message: string): HubFault[] {
  return wrong ? [{ path: [field], message }] : [];
}
