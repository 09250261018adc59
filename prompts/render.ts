import { Worker } from "node:worker_threads";
import { z } from "zod";
import type { Conversation } from "./conversation.ts";
import type { ChatTemplate } from "./template.ts";

/** Text that the model would read, or why the template refuses the conversation. */
export type Rendered = { readonly text: string } | { readonly refused: string };

/** What a template of a stranger may use; it may be a program that never ends. */
export interface RenderLimits {
  /** For all conversations together, ms. */
  readonly milliseconds: number;
  readonly heapMegabytes: number;
  /** For all conversations together. */
  readonly characters: number;
}

export const renderLimits: RenderLimits = {
  milliseconds: 20_000,
  heapMegabytes: 256,
  characters: 16 * 1024 * 1024,
};

/** A template that used up what it may. */
export class RenderError extends Error {
  override readonly name = "RenderError";
}

const answerSchema = z.array(
  z.union([z.strictObject({ text: z.string() }), z.strictObject({ refused: z.string() })]),
);

/**
 * Renders conversations in a thread of their own, which is ended when it takes too long or too much.
 * @throws RenderError where it does
 */
export function render(
  template: ChatTemplate,
  conversations: readonly Conversation[],
  limits: RenderLimits = renderLimits,
): Promise<Rendered[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("render-worker.ts", import.meta.url), {
      workerData: { template, conversations, characters: limits.characters },
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: limits.heapMegabytes },
    });
    const end = (then: () => void) => {
      clearTimeout(timer);
      void worker.terminate();
      then();
    };
    const failed = (why: string) =>
      end(() => reject(new RenderError(`${template.origin}: the template ${why}; correct it`)));
    const timer = setTimeout(
      () => failed(`takes more than ${limits.milliseconds / 1000} s`),
      limits.milliseconds,
    );
    worker.on("message", (answer: unknown) => {
      const parsed = answerSchema.safeParse(answer);
      if (parsed.success) end(() => resolve(parsed.data));
      else failed(`writes more than ${limits.characters} characters`);
    });
    worker.on("error", (error) =>
      failed(
        "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY"
          ? `needs more than ${limits.heapMegabytes} MB`
          : `cannot be used: ${error.message.split("\n", 1)[0] ?? ""}`,
      ),
    );
  });
}
