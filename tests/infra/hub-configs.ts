/** `config.json` of a fine-tuned Llama 3.1 70B as transformers writes it; tests change one field of a copy. */
export function llamaConfig(): Record<string, unknown> {
  return {
    architectures: ["LlamaForCausalLM"],
    attention_bias: false,
    attention_dropout: 0,
    bos_token_id: 128_000,
    eos_token_id: [128_001, 128_008, 128_009],
    hidden_act: "silu",
    hidden_size: 8192,
    initializer_range: 0.02,
    intermediate_size: 28_672,
    max_position_embeddings: 131_072,
    mlp_bias: false,
    model_type: "llama",
    num_attention_heads: 64,
    num_hidden_layers: 80,
    num_key_value_heads: 8,
    pretraining_tp: 1,
    rms_norm_eps: 1e-5,
    rope_scaling: {
      factor: 8,
      high_freq_factor: 4,
      low_freq_factor: 1,
      original_max_position_embeddings: 8192,
      rope_type: "llama3",
    },
    rope_theta: 500_000,
    tie_word_embeddings: false,
    torch_dtype: "bfloat16",
    transformers_version: "4.47.0",
    use_cache: true,
    vocab_size: 128_256,
  };
}

/** The same of a Mixtral 8x7B, as an older release wrote it. */
export function mixtralConfig(): Record<string, unknown> {
  return {
    architectures: ["MixtralForCausalLM"],
    hidden_size: 4096,
    intermediate_size: 14_336,
    max_position_embeddings: 32_768,
    model_type: "mixtral",
    num_attention_heads: 32,
    num_experts_per_tok: 2,
    num_hidden_layers: 32,
    num_key_value_heads: 8,
    num_local_experts: 8,
    output_router_logits: false,
    rms_norm_eps: 1e-5,
    rope_theta: 1_000_000,
    router_aux_loss_coef: 0.02,
    sliding_window: null,
    tie_word_embeddings: false,
    torch_dtype: "bfloat16",
    vocab_size: 32_000,
  };
}
