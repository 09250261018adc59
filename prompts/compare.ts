import type { Conversation } from "./conversation.ts";
import { type Rendered, render } from "./render.ts";
import { samples } from "./samples.ts";
import type { ChatTemplate } from "./template.ts";

/** One side of a comparison. */
export interface ComparedModel {
  readonly id: string;
  readonly template: ChatTemplate;
  readonly callsTools: boolean;
}

/** One sample in both formats. */
export interface Comparison {
  readonly sample: string;
  readonly from: Rendered;
  readonly to: Rendered;
  /** The first format takes the conversation and the second does not. */
  readonly lost: boolean;
}

/** The sample conversations as two models would read them. */
export async function compare(from: ComparedModel, to: ComparedModel): Promise<Comparison[]> {
  const [before, after] = await Promise.all([renderSamples(from), renderSamples(to)]);
  return Object.keys(samples).map((sample, index) => {
    const [a = nothing, b = nothing] = [before[index], after[index]];
    return { sample, from: a, to: b, lost: "text" in a && "refused" in b };
  });
}

const nothing: Rendered = { refused: "the template gave nothing" };

async function renderSamples({ id, template, callsTools }: ComparedModel): Promise<Rendered[]> {
  const conversations: readonly Conversation[] = Object.values(samples);
  const rendered = await render(template, conversations);
  return rendered.map((each, index) => {
    const tools = conversations[index]?.tools.length ?? 0;
    // The template would leave them out without a word.
    return tools > 0 && !callsTools ? { refused: `${id} was not trained to call tools` } : each;
  });
}
