/**
 * What an engine opens to load a model: weights as safetensors, and the small files around them. An allow-list, since
 * the other formats of a model repository run code where they are loaded: pickles (.bin, .pt, .pth, .ckpt) and
 * Python (.py).
 */
const loadable = [
  /\.safetensors$/,
  // config, generation_config, the index of the safetensors, tokenizer, processor and quantisation settings.
  /\.json$/,
  // Vocabularies: SentencePiece, tiktoken, and the merges and words of older tokenizers.
  /(^|\/)(tokenizer|sentencepiece\.bpe|spiece)\.model(\.v\d+)?$/,
  /\.tiktoken$/,
  /(^|\/)(merges|vocab)\.txt$/,
  // Chat templates.
  /\.jinja$/,
];

/** Whether a file of a model repository belongs to what is staged and served. @param path relative to the repository */
export function isLoadable(path: string): boolean {
  return loadable.some((pattern) => pattern.test(path));
}

/** Kinds of files that are staged, for messages. */
export const loadableKinds =
  "*.safetensors, *.json, *.jinja, *.tiktoken, tokenizer.model, merges.txt and vocab.txt";
