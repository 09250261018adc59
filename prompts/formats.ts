import type { ModelId } from "../components/lib/models/shapes.ts";

/** How a model wants a conversation written down, and the strings its tokenizer gives the template. */
export interface Format {
  /** File of `prompts/formats/`. */
  readonly template: string;
  readonly bosToken: string;
  readonly eosToken: string;
  /** System message that the template writes where there is none. */
  readonly defaultSystem?: string;
}

const llama2: Format = { template: "llama-2.jinja", bosToken: "<s>", eosToken: "</s>" };
const llama3: Format = {
  template: "llama-3.jinja",
  bosToken: "<|begin_of_text|>",
  eosToken: "<|eot_id|>",
};
const llama31: Format = { ...llama3, template: "llama-3.1.jinja" };
const chatml: Format = { template: "chatml.jinja", bosToken: "", eosToken: "<|im_end|>" };

/**
 * Formats of the catalogue's models, written here from what is published about them: each file names its source.
 * They are near to the models' own files, not equal to them; whoever has the file passes it by `--template`.
 * On 2026-11-24 those of Llama 2, 3, 3.1 and plain ChatML wrote the eight samples as public copies of such files
 * did, words around tools aside. Mistral, Mixtral, Qwen1.5 and Qwen2.5 were compared with nothing.
 */
export const formats: Readonly<Record<ModelId, Format>> = {
  "llama-2-70b-chat": llama2,
  "llama-3-8b-instruct": llama3,
  "llama-3-70b-instruct": llama3,
  "llama-3.1-8b-instruct": llama31,
  "llama-3.1-70b-instruct": llama31,
  "llama-3.3-70b-instruct": llama31,
  "mistral-7b-instruct": { ...llama2, template: "mistral-v3.jinja" },
  "mixtral-8x7b-instruct": { ...llama2, template: "mistral-v1.jinja" },
  "qwen1.5-72b-chat": { ...chatml, defaultSystem: "You are a helpful assistant." },
  "qwen2.5-72b-instruct": {
    ...chatml,
    template: "qwen-2.5.jinja",
    defaultSystem: "You are Qwen, created by Alibaba Cloud. You are a helpful assistant.",
  },
  "yi-34b-chat": chatml,
};
