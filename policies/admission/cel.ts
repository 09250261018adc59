/** Pieces of expressions in CEL, the language of admission policies. Everything returned is CEL text. */

/** A string literal. JSON's escapes are all CEL escapes too. */
export function text(value: string): string {
  return JSON.stringify(value);
}

/** A list of string literals. */
export function list(values: Iterable<string>): string {
  return `[${[...values].map(text).join(", ")}]`;
}

/** A regular expression (RE2) as a raw literal, so that its backslashes stay as they are. */
export function pattern(regex: string): string {
  if (!regex.includes("'")) return `r'${regex}'`;
  if (!regex.includes('"')) return `r"${regex}"`;
  throw new Error(`a pattern with both kinds of quotes has no raw literal: ${regex}`);
}

/** A literal inside a regular expression; raw literals of CEL hold no line breaks. */
export function quoted(literal: string): string {
  return literal
    .replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)
    .replaceAll("\n", String.raw`\n`);
}

/** A field below `object`, as an optional value: absent fields on the way make it absent. */
export function field(object: string, ...path: readonly string[]): string {
  return path.reduce((here, name) => `${here}.?${name}`, object);
}

/** The elements of a list field; none where it is absent. */
export function items(object: string, ...path: readonly string[]): string {
  return `${field(object, ...path)}.orValue([])`;
}

/** An object field; an empty object where it is absent. */
export function part(object: string, ...path: readonly string[]): string {
  return `${field(object, ...path)}.orValue({})`;
}

/** A text field; empty where it is absent. */
export function string(object: string, ...path: readonly string[]): string {
  return `${field(object, ...path)}.orValue("")`;
}

/** Whether a Boolean field is absent or false. */
export function isOff(object: string, ...path: readonly string[]): string {
  return `${field(object, ...path)}.orValue(false) == false`;
}

export function allOf(conditions: readonly string[]): string {
  return joined(conditions, " && ");
}

/** Without conditions nothing can hold. */
export function anyOf(conditions: readonly string[]): string {
  if (conditions.length === 0) return "false";
  return joined(conditions, " || ");
}

function joined(conditions: readonly string[], operator: string): string {
  return `(${conditions.map((condition) => `(${condition})`).join(operator)})`;
}

/**
 * A pattern of JavaScript as RE2 reads it.
 * @throws Error where RE2 knows no such thing, or reads it in another way
 */
export function expression({ source, flags }: RegExp): string {
  if (/\(\?<?[=!]|\\[1-9]/.test(source)) {
    throw new Error(`RE2 has neither lookaround nor back references: ${source}`);
  }
  // JavaScript escapes slashes in a literal.
  const plain = source.replaceAll(String.raw`\/`, "/");
  const kept = flags.replaceAll(/[^ims]/g, "");
  return kept === "" ? plain : `(?${kept})${plain}`;
}
