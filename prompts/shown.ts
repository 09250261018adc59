/** Text of a stranger for a terminal: control characters could write over what stands there. */
export function shown(text: string, longest = Number.POSITIVE_INFINITY): string {
  const plain = text.replace(/\p{Cc}/gu, (character) =>
    character === "\n" && longest === Number.POSITIVE_INFINITY
      ? character
      : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return plain.length > longest ? `${plain.slice(0, longest)}…` : plain;
}
