import { createHash } from "node:crypto";
import { z } from "zod";
import type { Format } from "./formats.ts";

/** A chat template and the strings that it is given. */
export interface ChatTemplate {
  readonly source: string;
  readonly bosToken: string;
  readonly eosToken: string;
  readonly defaultSystem: string;
  /** Where it is from, for people. */
  readonly origin: string;
}

const token = z
  .union([z.string(), z.object({ content: z.string() })])
  .transform((value) => (typeof value === "string" ? value : value.content));

const configSchema = z.object({
  chat_template: z.union([
    z.string(),
    z.array(z.object({ name: z.string(), template: z.string() })),
  ]),
  bos_token: token.nullish(),
  eos_token: token.nullish(),
});

/**
 * The template of a file that a user named: `tokenizer_config.json`, or Jinja alone.
 * @param bytes the file as it is, whose digest is told
 * @param format what is known of the model, for what a file of Jinja does not say
 * @returns the template, or what is wrong with the file
 */
export function userTemplate(
  name: string,
  bytes: Uint8Array,
  format: Format | undefined,
): ChatTemplate | { readonly fault: string } {
  const digest = createHash("sha256").update(bytes).digest("hex");
  const origin = `${name} (sha256 ${digest})`;
  const text = new TextDecoder().decode(bytes);
  const known = {
    bosToken: format?.bosToken ?? "",
    eosToken: format?.eosToken ?? "",
    defaultSystem: "",
  };
  if (!name.endsWith(".json")) return { ...known, source: text, origin };
  const config = configSchema.safeParse(json(text));
  if (!config.success) {
    return {
      fault:
        "holds no chat_template; name the model's tokenizer_config.json, or the chat_template.jinja beside it",
    };
  }
  const { chat_template: all, bos_token: bos, eos_token: eos } = config.data;
  const source =
    typeof all === "string" ? all : all.find((each) => each.name === "default")?.template;
  if (source === undefined)
    return { fault: "holds no chat_template named default; name a file that does" };
  return { source, bosToken: bos ?? "", eosToken: eos ?? "", defaultSystem: "", origin };
}

function json(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
