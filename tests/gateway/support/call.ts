import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { request } from "node:https";
import { text } from "node:stream/consumers";
import { testAuthority } from "./secrets.ts";

export interface Call {
  readonly key?: string;
  /** @default /v1/chat/completions */
  readonly path?: string;
  /** @default POST */
  readonly method?: string;
  /** Names may repeat: a list gives several lines. */
  readonly headers?: OutgoingHttpHeaders;
  /** @default - a short chat */
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly milliseconds: number;
}

export const shortChat = JSON.stringify({
  model: "house-model",
  messages: [{ role: "user", content: "Hello" }],
  max_tokens: 4,
});

/** One request to a gateway, on a connection of its own, as a client makes it that trusts the test's authority. */
export async function call(port: number, options: Call = {}): Promise<Answer> {
  const started = performance.now();
  const { response } = await open(port, options);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    text: await text(response),
    milliseconds: performance.now() - started,
  };
}

/** The answer as it begins; its body is still to be read. */
export function open(port: number, { key, path, method = "POST", headers, body }: Call = {}) {
  const content = method === "GET" ? undefined : (body ?? shortChat);
  const authorization = key === undefined ? {} : { authorization: `Bearer ${key}` };
  return new Promise<{ response: IncomingMessage }>((resolve, reject) => {
    const outgoing = request({
      host: "127.0.0.1",
      servername: "gateway.test",
      port,
      path: path ?? "/v1/chat/completions",
      method,
      ca: testAuthority,
      agent: false,
      headers: { "content-type": "application/json", ...authorization, ...headers },
    });
    outgoing.once("response", (response) => resolve({ response }));
    outgoing.once("error", reject);
    outgoing.end(content);
  });
}
