import { shortChat } from "../../gateway/support/call.ts";
import { goodLength, type Parts } from "./raw-request.ts";

/** Requests that a proxy and an engine might read in two ways, and what comes back of each. */

const chunkedLine = "Transfer-Encoding: chunked";
const chunk = `${shortChat.length.toString(16)}\r\n${shortChat}\r\n`;
const chunks = `${chunk}0\r\n\r\n`;
/** A second request in what the first says is its body. */
export const hidden = "GET /metrics HTTP/1.1\r\nHost: gateway.test\r\n\r\n";

type Attempts = Readonly<Record<string, readonly [status: number, parts: Parts]>>;

export const lengths: Attempts = {
  "two lengths": [400, { headers: [goodLength, "Content-Length: 3"] }],
  "the same length twice": [400, { headers: [goodLength, goodLength] }],
  "a list of lengths": [400, { headers: [`${goodLength}, ${shortChat.length}`] }],
  "a length with a sign": [400, { headers: [goodLength.replace(": ", ": +")] }],
  "a length below zero": [400, { headers: ["Content-Length: -1"] }],
  "a hexadecimal length": [400, { headers: ["Content-Length: 0x10"] }],
  "an empty length": [400, { headers: ["Content-Length: "] }],
  "a length beyond all numbers": [400, { headers: [`Content-Length: ${"9".repeat(23)}`] }],
  "a length and chunks": [400, { headers: [goodLength, chunkedLine], body: chunks }],
  "chunks and a length": [400, { headers: [chunkedLine, goodLength], body: chunks }],
  "a length that ends before the hidden request": [
    400,
    { headers: ["Content-Length: 3", chunkedLine], body: `0\r\n\r\n${hidden}` },
  ],
  "an unknown coding": [501, { headers: ["Transfer-Encoding: xchunked"], body: chunks }],
  "a space before the colon": [400, { headers: ["Transfer-Encoding : chunked"], body: chunks }],
  "two codings": [501, { headers: [chunkedLine, "Transfer-Encoding: identity"], body: chunks }],
  "a list of codings": [501, { headers: [`${chunkedLine}, identity`], body: chunks }],
  "a vertical tab": [400, { headers: ["Transfer-Encoding: \u000bchunked"], body: chunks }],
  "a chunk below zero": [400, { headers: [chunkedLine], body: `-1\r\n${hidden}` }],
  "a chunk beyond all numbers": [
    400,
    { headers: [chunkedLine], body: `${"f".repeat(18)}\r\n${hidden}` },
  ],
};

export const lines: Attempts = {
  "a zero byte": [400, { headers: [goodLength, "x-a: b\0c"] }],
  "a space in a name": [400, { headers: [goodLength, "x a: b"] }],
  "no name": [400, { headers: [goodLength, ": b"] }],
  "no colon": [400, { headers: [goodLength, "x-a"] }],
  "an underscore": [400, { headers: [goodLength, "x_private_llm_client: chat/blue"] }],
  "a length with an underscore": [400, { headers: [goodLength, "content_length: 3"] }],
  "a host with a path": [400, { host: "gateway.test/x" }],
  "an expectation that nobody knows": [417, { headers: [goodLength, "Expect: 200-ok"] }],
  "two keys": [401, { headers: [goodLength, "Authorization: Bearer key-nowhere"] }],
  "a key that is to be dropped": [
    401,
    { headers: [goodLength, "Connection: close, authorization"] },
  ],
};

const upgrade = (to: string, ...more: readonly string[]): Parts => ({
  headers: [goodLength, "Connection: Upgrade", `Upgrade: ${to}`, ...more],
});

export const upgrades: Attempts = {
  websocket: [
    404,
    upgrade("websocket", "Sec-WebSocket-Key: dGhlIHNhbXBsZQ==", "Sec-WebSocket-Version: 13"),
  ],
  TLS: [404, upgrade("TLS/1.2")],
  "connect-udp": [404, upgrade("connect-udp")],
  "any name": [404, upgrade("x")],
};

const kibibyte = "a".repeat(1024);

export const sizes: Attempts = {
  "40 headers of a KiB": [
    431,
    { headers: [goodLength, ...Array.from({ length: 40 }, (_, at) => `x-${at}: ${kibibyte}`)] },
  ],
  "one header of 40 KiB": [431, { headers: [goodLength, `x-a: ${kibibyte.repeat(40)}`] }],
  "150 headers": [
    431,
    { headers: [goodLength, ...Array.from({ length: 150 }, (_, at) => `x-${at}: a`)] },
  ],
  "a path of 40 KiB": [431, { first: `POST /v1/chat/completions?${kibibyte.repeat(40)} HTTP/1.1` }],
  "trailers of 70 KiB": [
    431,
    { headers: [chunkedLine], body: `${chunk}0\r\nx: ${kibibyte.repeat(70)}\r\n\r\n` },
  ],
  "a body of 9 MiB, said before": [
    413,
    { headers: ["Content-Length: 9437184"], body: kibibyte.repeat(9 * 1024) },
  ],
  "chunks of 9 MiB": [
    413,
    { headers: [chunkedLine], body: `100000\r\n${kibibyte.repeat(1024)}\r\n`.repeat(9) },
  ],
};

/** By which a client names the class it would like to have, in lines that some reader might take for it. */
export const forgedClass: readonly string[] = [
  "x-private-llm-client: chat/blue",
  "X-PRIVATE-LLM-CLIENT: chat/blue",
  "x-private-llm-client:chat/blue",
  "x-a: b\rx-private-llm-client: chat/blue",
  "x-a: b\nx-private-llm-client: chat/blue",
  "x-a: b\r\n x-private-llm-client: chat/blue",
  "x-private-llm-client:\r\n chat/blue",
  "x-private-llm-client : chat/blue",
  "x_private_llm_client: chat/blue",
  "Connection: x-private-llm-client\r\nx-private-llm-client: chat/blue",
  "x-envoy-original-path: /v1/chat/completions\r\nx-private-llm-client: chat/blue",
];

/** Each would steer some proxy, or be taken for the gateway's own word. */
export const steering: readonly string[] = [
  ...["client: summary/green", "egress: key-between-gateways", "engine: large", "class: chat"].map(
    (line) => `x-private-llm-${line}`,
  ),
  ...[
    "original-path: /metrics",
    "upstream-rq-timeout-ms: 1",
    "retry-on: 5xx",
    "internal: true",
  ].map((line) => `x-envoy-${line}`),
  ...["upstream-rq-per-try-timeout-ms: 1", "max-retries: 100", "upstream-alt-stat-name: x"].map(
    (line) => `x-envoy-${line}`,
  ),
  ...["force-trace: true", "ip-tags: x", "attempt-count: 9", "decorator-operation: x"].map(
    (line) => `x-envoy-${line}`,
  ),
  ...["for: 127.0.0.1", "host: api.openai.com", "proto: http", "client-cert: x", "path: /m"].map(
    (line) => `x-forwarded-${line}`,
  ),
  ...["organization: other", "project: other"].map((line) => `openai-${line}`),
  "forwarded: for=127.0.0.1;host=api.openai.com",
  "x-original-url: /metrics",
  "x-rewrite-url: /metrics",
  "x-real-ip: 127.0.0.1",
  "api-key: key",
  "x-api-key: key",
  "proxy-authorization: Basic eDp5",
  "cookie: a=b",
  "via: 1.1 x",
  "x-request-id: forged",
];
