import type { ServerResponse } from "node:http";
import { type Chunks, chunks, done, type Envelope, type Usage, whole } from "./chunks.ts";
import type { Fault } from "./faults.ts";
import type { GenerationRequest } from "./generation-request.ts";
import type { Job, Listener } from "./scheduler.ts";

export interface Reply {
  readonly request: GenerationRequest;
  readonly envelope: Envelope;
  readonly response: ServerResponse;
  readonly job: Job;
  readonly fault: () => Fault;
  /** Ends the request without an answer and cuts its connection. */
  readonly cut: () => void;
}

/** Gathers the tokens and answers once. */
export function wholeReply({ request, envelope, response, job }: Reply): Listener {
  return {
    token: () => {},
    end: (finish) =>
      sendJson(response, 200, whole(envelope, request.answer, job.generated, finish, usageOf(job))),
  };
}

/** Writes each token as it comes, as server-sent events. */
export function streamReply(reply: Reply): Listener {
  const { request, envelope, response, job } = reply;
  const { tokens } = request.answer;
  const events = chunks(envelope, request.answer);
  const writer = eventWriter(reply);
  let opened = events.opening === "";
  const open = () => {
    if (!opened) writer.send(events.opening);
    opened = true;
  };
  return {
    token: (index) => {
      open();
      writer.send(events.token(tokens[index] ?? ""));
    },
    end: (finish) => {
      open();
      writer.send(events.finish(finish));
      if (!writer.isCut()) response.end(writer.rest() + trailer(request, events, usageOf(job)));
    },
  };
}

function trailer({ includeUsage }: GenerationRequest, events: Chunks, usage: Usage): string {
  return includeUsage ? events.usage(usage) + done : done;
}

/**
 * Tokens of one turn of the event loop leave in one write. Without latency a whole answer is one turn; a write each
 * would take more time than all else together.
 */
function eventWriter({ response, fault, cut }: Reply) {
  let pending = "";
  let sent = 0;
  let wasCut = false;
  const flush = () => {
    if (pending !== "" && !response.writableEnded) response.write(pending);
    pending = "";
  };
  return {
    send: (event: string): void => {
      if (wasCut) return;
      if (!response.headersSent) startStream(response);
      if (pending === "") queueMicrotask(flush);
      pending += event;
      sent++;
      const { afterChunks = Infinity } = midStream(fault());
      if (sent < afterChunks) return;
      wasCut = true;
      flush();
      cut();
    },
    rest: (): string => {
      const text = pending;
      pending = "";
      return text;
    },
    isCut: () => wasCut,
  };
}

function midStream(fault: Fault): { readonly afterChunks?: number } {
  return fault.kind === "reset-mid-stream" ? fault : {};
}

const streamHeaders = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-cache",
};

export function startStream(response: ServerResponse): void {
  response.writeHead(200, streamHeaders);
}

export function sendJson(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}

function usageOf(job: Job): Usage {
  return {
    promptTokens: job.promptTokens,
    cachedTokens: job.cachedTokens,
    completionTokens: job.generated,
  };
}
