import { randomBytes } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { ApiError } from "./api-error.ts";
import { queueFull } from "./api-error.ts";
import type { Envelope } from "./chunks.ts";
import { type GenerationRequest, type Kind, readGeneration } from "./generation-request.ts";
import { type Reply, startStream, streamReply, wholeReply } from "./replies.ts";
import { reset } from "./reset.ts";
import type { Job } from "./scheduler.ts";
import type { JsonObject } from "./values.ts";
import type { World } from "./world.ts";

/** Long enough for written bytes to leave: RST discards what the kernel still holds. */
const resetDelay = 5;

/** Answers now or later; an error says why it never will. */
export type Generate = (
  kind: Kind,
  body: JsonObject,
  response: ServerResponse,
  deployment?: string,
) => ApiError | undefined;

export function generation(world: World): Generate {
  const { options, scheduler } = world;
  const ids = idSequence();
  return (kind, body, response, deployment) => {
    const parsed = readGeneration(kind, body, options, deployment);
    if (!parsed.ok) return parsed.error;
    const { request } = parsed;
    const envelope = envelopeOf(request, ids(kind), world);
    const job = scheduler.submit(request, (accepted) => {
      const cut = () => {
        scheduler.abort(accepted);
        setTimeout(() => reset(response), resetDelay);
      };
      const reply: Reply = { request, envelope, response, job: accepted, fault: world.fault, cut };
      return request.stream ? streamReply(reply) : wholeReply(reply);
    });
    if (job === undefined) return queueFull;
    follow(world, request, response, job);
    return undefined;
  };
}

function follow(world: World, { stream }: GenerationRequest, response: ServerResponse, job: Job) {
  response.on("close", () => world.scheduler.abort(job));
  if (!stream || response.headersSent || !sendsHeadersFirst(world)) return;
  startStream(response);
  response.flushHeaders();
}

/** The engine answers 200 as soon as it has accepted a stream, before there is a token. */
function sendsHeadersFirst({ options, fault }: World): boolean {
  const now = fault();
  return options.role === "engine" && (now.kind !== "wedge" || now.headers);
}

function envelopeOf(request: GenerationRequest, id: string, { options }: World): Envelope {
  return {
    kind: request.kind,
    id,
    created: Math.floor(Date.now() / 1000),
    model: request.model,
    nullUsage: options.role === "provider" && request.includeUsage,
  };
}

/** Unique among processes, and cheap. */
function idSequence(): (kind: Kind) => string {
  const process = randomBytes(6).toString("hex");
  let count = 0;
  return (kind) =>
    `${kind === "chat" ? "chatcmpl" : "cmpl"}-${process}${(count++).toString(16).padStart(8, "0")}`;
}
