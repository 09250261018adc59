/** Names under which gateways, engines and instrumentation carry what people write and models answer. */
const promptField =
  /\b(?:gen_ai[._](?:prompt|completion|content|input|output|system_instructions)[\w.]*|llm[._](?:prompts?|completions?)|(?:request|response)[._]?body|prompts?|completions?|chat[._]messages)\b/i;

/** Words by which a line takes a field away instead of adding it. */
const removal =
  /\b(?:remove\w*|del|delete\w*|drop\w*|exclude\w*|except\w*|redact\w*|mask\w*|hash\w*|discard\w*|blocked\w*)\b|!=/i;

/** Line numbers, from 1, on which a shipper's file names a field of prompts without taking it away. */
export function promptLines(text: string): readonly number[] {
  const lines = text.split(/\r?\n/);
  return lines.flatMap((line, index) => {
    if (/^\s*[#;]/.test(line) || !promptField.test(line)) return [];
    const around = lines.slice(Math.max(index - 1, 0), index + 2);
    return around.some((each) => removal.test(each)) ? [] : [index + 1];
  });
}
