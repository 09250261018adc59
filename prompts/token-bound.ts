import { type Prompt, variablesIn } from "./library.ts";

/** Tokens of the longest conversation of a prompt, its answers included. Nothing here counts tokens. */
export interface TokenBound {
  /** What the library itself reserves: variables, later messages and answers. */
  readonly declared: number;
  /** Never exceeded: a token of these models stands for one byte of text at least. */
  readonly atMost: number;
}

/** @param rendered the longest conversation, as the template writes it with later messages empty */
export function tokenBound(prompt: Prompt, rendered: string): TokenBound {
  const { turns, laterTokens = 0, answerTokens, variables } = prompt;
  const filled = variablesIn(prompt).map((name) => variables[name] ?? 0);
  const declared =
    turns * answerTokens + (turns - 1) * laterTokens + filled.reduce((sum, each) => sum + each, 0);
  // One more than bytes: some tokenizers put a space in front of the text.
  return { declared, atMost: declared + Buffer.byteLength(rendered) + 1 };
}

/** What is wrong with it in a context of so many tokens. */
export function contextFault(
  { declared, atMost }: TokenBound,
  context: number,
): string | undefined {
  if (declared > context) {
    return `variables, later messages and answers may have ${declared} tokens, and the context has ${context}; lower turns, answerTokens or a variable`;
  }
  if (atMost > context) {
    return `is not shown to fit: ${declared} declared tokens and a text of ${atMost - declared} bytes make ${atMost} tokens at most, and the context has ${context}; shorten it, or lower what it declares`;
  }
  return undefined;
}
