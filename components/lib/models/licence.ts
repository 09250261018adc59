/** What a model may be used for, as far as an operator has to know before choosing it. Not legal advice. */
export interface Licence {
  /** SPDX identifier where there is one, else the name its publisher uses. */
  readonly name: string;
  readonly url: string | undefined;
  /** Conditions in our own words; empty where there are none beyond keeping notices. */
  readonly conditions: readonly string[];
}

const users = (millions: number) =>
  `whoever has more than ${millions} million monthly users needs a licence of the publisher`;
const use = "the publisher's acceptable use policy is part of it";
const copy = "whoever passes the weights on adds the agreement and a notice";
const builtWith = (words: string) =>
  `a product that is offered to others shows "${words}"; a model made from it or its answers has a name that begins with Llama`;
const noOtherModels = "answers may not be used to improve other language models";

/**
 * Source: LICENSE files in meta-llama/llama-models (Llama 2 to 3.3) and QwenLM/Qwen (Tongyi Qianwen), and
 * the licence note in 01-ai/Yi, read 2026-11. The Qwen licence of 2.5 and the licence of Mistral's
 * repositories are known from their model cards, not read again.
 */
export const licences = {
  llama2: {
    name: "Llama 2 Community License",
    url: "https://github.com/meta-llama/llama-models/blob/main/models/llama2/LICENSE",
    conditions: [users(700), use, copy, noOtherModels],
  },
  llama3: {
    name: "Meta Llama 3 Community License",
    url: "https://github.com/meta-llama/llama-models/blob/main/models/llama3/LICENSE",
    conditions: [users(700), use, copy, builtWith("Built with Meta Llama 3"), noOtherModels],
  },
  llama31: {
    name: "Llama 3.1 Community License",
    url: "https://github.com/meta-llama/llama-models/blob/main/models/llama3_1/LICENSE",
    conditions: [users(700), use, copy, builtWith("Built with Llama")],
  },
  llama33: {
    name: "Llama 3.3 Community License",
    url: "https://github.com/meta-llama/llama-models/blob/main/models/llama3_3/LICENSE",
    conditions: [users(700), use, copy, builtWith("Built with Llama")],
  },
  apache2: {
    name: "Apache-2.0",
    url: "https://www.apache.org/licenses/LICENSE-2.0",
    conditions: [],
  },
  tongyiQianwen: {
    name: "Tongyi Qianwen License Agreement",
    url: "https://github.com/QwenLM/Qwen/blob/main/Tongyi%20Qianwen%20LICENSE%20AGREEMENT",
    conditions: [users(100), copy, noOtherModels],
  },
  qwen: {
    name: "Qwen License Agreement",
    url: "https://huggingface.co/Qwen/Qwen2.5-72B-Instruct/blob/main/LICENSE",
    conditions: [
      users(100),
      copy,
      'a model made from it or its answers, when passed on, shows "Built with Qwen" or "Improved using Qwen"',
    ],
  },
} as const satisfies Record<string, Licence>;
