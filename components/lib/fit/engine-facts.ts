/** What an engine needs of the machine and of a model before it starts. */
export interface EngineFacts {
  readonly name: string;
  readonly version: string;
  /** CUDA that its image is built for. */
  readonly cuda: string;
  /** Major version of the NVIDIA driver that this CUDA needs at least. */
  readonly leastDriver: number;
  /** Compute capability from which on it multiplies matrices in FP8, and keeps an FP8 cache. */
  readonly fp8Capability: number;
  /** Weights per scale of its 4-bit formats. A part of a layer that cuts a group does not load. */
  readonly groupSize: number;
  /** Architectures that it once had, with the last version that did. */
  readonly removedArchitectures: Readonly<Record<string, string>>;
}

/**
 * The engine that this product deploys; a test compares the version with the image's.
 * Sources, read 2026-11: vLLM 0.33.0, `model_executor/models/registry.py` (architectures), `envs.py` (CUDA),
 * `model_executor/layers/quantization/` and `v1/attention/backends/triton_attn.py` (capabilities); NVIDIA's
 * compatibility rule for CUDA 13 (driver).
 */
export const vllmFacts: EngineFacts = {
  name: "vLLM",
  version: "0.33.0",
  cuda: "13.0",
  leastDriver: 580,
  fp8Capability: 8.9,
  groupSize: 128,
  removedArchitectures: {
    AquilaForCausalLM: "0.24.0",
    ArcticForCausalLM: "0.28.0",
    BaiChuanForCausalLM: "0.23.0",
    BaichuanForCausalLM: "0.23.0",
    Grok1ForCausalLM: "0.24.0",
    InternLMForCausalLM: "0.23.0",
    QWenLMHeadModel: "0.23.0",
    TeleChatForCausalLM: "0.25.0",
    XverseForCausalLM: "0.23.0",
  },
};
