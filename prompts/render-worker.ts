import { parentPort, workerData } from "node:worker_threads";
import { Template } from "@huggingface/jinja";
import type { Conversation } from "./conversation.ts";
import type { Rendered } from "./render.ts";
import type { ChatTemplate } from "./template.ts";

/** What `render.ts` sends. */
interface Work {
  readonly template: ChatTemplate;
  readonly conversations: readonly Conversation[];
  readonly characters: number;
}

/** A text that is too long is told and not sent. */
function renderAll({ template, conversations, characters }: Work): Rendered[] | "too long" {
  const compiled = new Template(template.source);
  let left = characters;
  const all: Rendered[] = [];
  for (const { messages, tools } of conversations) {
    const rendered = renderOne(compiled, {
      messages,
      ...(tools.length === 0 ? {} : { tools }),
      add_generation_prompt: true,
      bos_token: template.bosToken,
      eos_token: template.eosToken,
      default_system: template.defaultSystem,
    });
    left -= "text" in rendered ? rendered.text.length : rendered.refused.length;
    if (left < 0) return "too long";
    all.push(rendered);
  }
  return all;
}

function renderOne(template: Template, given: Record<string, unknown>): Rendered {
  try {
    return { text: template.render(given) };
  } catch (error) {
    return { refused: error instanceof Error ? error.message : String(error) };
  }
}

const work: Work = workerData;
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
parentPort?.postMessage(renderAll(work));
