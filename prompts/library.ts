import { z } from "zod";

const id = z
  .string()
  .regex(
    /^[a-z0-9]+(?:-[a-z0-9]+)*$/,
    "must be lower-case letters and digits, with hyphens between",
  );
const text = z.string().min(1, "is empty; write it, or leave the key out");
const tokens = z.int().positive();

/** One function that the model may call, as the API has it. */
const toolSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, "must be 1 to 64 letters, digits, hyphens and underscores"),
  description: text,
  /** JSON Schema of the arguments. */
  parameters: z.looseObject({
    type: z.literal("object", "must be object: arguments of a tool have names"),
  }),
});

const promptSchema = z.strictObject({
  id,
  /** Class of `gateway.taskClasses` whose clients send it. */
  taskClass: id,
  system: text.exactOptional(),
  /** Few-shot examples, each one turn. */
  examples: z.array(z.strictObject({ user: text, assistant: text })).default([]),
  /** What the user says first; `{{name}}` is filled in by the client. */
  prompt: text,
  /** By name: the most tokens that a variable is filled with. */
  variables: z.record(z.string().regex(/^[a-z][a-zA-Z0-9]*$/), tokens).default({}),
  tools: z.array(toolSchema).default([]),
  /** Most turns of one conversation, the first included. */
  turns: tokens.default(1),
  /** Most tokens of each later message of the user, results of tools included. */
  laterTokens: tokens.exactOptional(),
  /** `max_tokens` of each answer. */
  answerTokens: tokens,
});

/** Prompts of one or more task classes as a file of YAML; `promptLibrary` tells it from any other file. */
export const librarySchema = z
  .strictObject({
    promptLibrary: z.literal(1, "must be 1, the only version of this format"),
    prompts: z.array(promptSchema.superRefine(checkPrompt)).min(1),
  })
  .superRefine(({ prompts }, context) => {
    prompts.forEach((prompt, index) => {
      const first = prompts.findIndex((other) => other.id === prompt.id);
      if (first === index) return;
      const message = `${JSON.stringify(prompt.id)} is that of prompts[${first}] already; choose another`;
      context.addIssue({ code: "custom", path: ["prompts", index, "id"], message });
    });
  });

export type Prompt = z.infer<typeof promptSchema>;
export type Library = z.infer<typeof librarySchema>;

function checkPrompt(prompt: Prompt, context: z.RefinementCtx): void {
  const fault = (path: PropertyKey[], message: string) =>
    context.addIssue({ code: "custom", path, message });
  const used = new Set(variablesIn(prompt));
  for (const name of used) {
    if (Object.hasOwn(prompt.variables, name)) continue;
    fault(["variables"], `lacks ${name}, which the text uses; say how many tokens it may have`);
  }
  for (const name of Object.keys(prompt.variables)) {
    if (!used.has(name))
      fault(["variables", name], "is used nowhere; write {{name}}, or remove it");
  }
  const names = prompt.tools.map((tool) => tool.name);
  for (const name of new Set(names.filter((each, index) => names.indexOf(each) !== index))) {
    fault(["tools"], `has ${name} more than once; keep one`);
  }
  if (prompt.turns > 1 !== (prompt.laterTokens !== undefined)) {
    const message =
      prompt.turns > 1
        ? `missing; with ${prompt.turns} turns, say how long each later message may be`
        : "belongs to a conversation of more turns; set turns, or remove it";
    fault(["laterTokens"], message);
  }
}

/** Names in `{{…}}`, as often as they stand there. */
export function variablesIn({ system = "", prompt }: Pick<Prompt, "system" | "prompt">): string[] {
  return [...`${system}\n${prompt}`.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, name = ""]) => name);
}
