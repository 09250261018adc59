import { hash } from "./random.ts";

/** As the engine: blocks of 16 tokens, here of 64 characters. Only a whole block can be reused. */
const blockTokens = 16;
const blockCharacters = blockTokens * 4;
const capacity = 65_536;

/** Which prompts began alike. Oldest blocks go first. */
export class PrefixCache {
  readonly #blocks = new Set<number>();

  /** Tokens of `prompt` that an earlier one began with; never all, as the last has to be computed. */
  reuse(prompt: string, promptTokens: number): number {
    const last = Math.floor((prompt.length - 1) / blockCharacters);
    let chained: number | undefined;
    let hits = 0;
    for (let block = 0; block < last; block++) {
      const text = prompt.slice(block * blockCharacters, (block + 1) * blockCharacters);
      chained = hash(text, chained);
      if (this.#blocks.has(chained)) {
        if (hits === block) hits++;
      } else this.#add(chained);
    }
    return Math.min(hits * blockTokens, Math.max(0, promptTokens - 1));
  }

  #add(block: number): void {
    if (this.#blocks.size >= capacity) {
      const [oldest] = this.#blocks;
      if (oldest !== undefined) this.#blocks.delete(oldest);
    }
    this.#blocks.add(block);
  }
}
