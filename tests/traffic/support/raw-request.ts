import { shortChat } from "../../gateway/support/call.ts";

export interface Parts {
  /** Request line. @default - that of a chat */
  readonly first?: string;
  readonly host?: string;
  /** Lines beside host, key and content type. @default - the length of the body */
  readonly headers?: readonly string[];
  readonly body?: string;
}

/** A request that is good in all but what `parts` says, byte for byte. */
export function rawRequest(key: string, parts: Parts = {}): string {
  const { first = "POST /v1/chat/completions HTTP/1.1", host = "gateway.test" } = parts;
  const { body = shortChat, headers = [lengthOf(body)] } = parts;
  return [
    first,
    `Host: ${host}`,
    `Authorization: Bearer ${key}`,
    "Content-Type: application/json",
    ...headers,
    "",
    body,
  ].join("\r\n");
}

export function lengthOf(body: string): string {
  return `Content-Length: ${Buffer.byteLength(body)}`;
}

export const goodLength = lengthOf(shortChat);
