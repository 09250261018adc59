/** No tokenizer: a token is four characters, which is about what English text has. */
const charactersPerToken = 4;
/** What a chat template adds to each message. */
export const messageOverhead = 3;

export function countTokens(text: string): number {
  return Math.ceil(text.length / charactersPerToken);
}

/** Text as the pieces that are generated one by one. */
export function pieces(text: string): string[] {
  const all: string[] = [];
  for (let at = 0; at < text.length; at += charactersPerToken) {
    all.push(text.slice(at, at + charactersPerToken));
  }
  return all;
}
