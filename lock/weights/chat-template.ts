import { z } from "zod";

const named = z.array(z.looseObject({ name: z.string(), template: z.string() }));
const tokenizer = z.looseObject({ chat_template: z.union([z.string(), named]).nullish() });

/** Files that may hold a chat template; the first that is there counts, as it does for engines. */
export const templateFiles = ["chat_template.jinja", "tokenizer_config.json"] as const;

/**
 * Text of the chat template in a file of a checkpoint; of several, the one named `default`.
 * @returns undefined where the file holds none
 * @throws Error where a tokenizer's settings are not what they should be
 */
export function templateIn(file: (typeof templateFiles)[number], text: string): string | undefined {
  if (file === "chat_template.jinja") return text;
  const { chat_template: given } = tokenizer.parse(JSON.parse(text));
  if (given === undefined || given === null || typeof given === "string") return given ?? undefined;
  return given.find(({ name }) => name === "default")?.template;
}
