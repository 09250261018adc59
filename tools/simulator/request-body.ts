import type { IncomingMessage } from "node:http";

export const mostBodyBytes = 8 * 1024 * 1024;

export type Body =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "too-large" }
  /** The client went away in the middle. */
  | { readonly kind: "gone" };

export function readBody(request: IncomingMessage, then: (body: Body) => void): void {
  const parts: Buffer[] = [];
  let size = 0;
  let over = false;
  const finish = (body: Body) => {
    if (!over) then(body);
    over = true;
  };
  request.on("data", (part: Buffer) => {
    size += part.length;
    if (size > mostBodyBytes) return finish({ kind: "too-large" });
    if (!over) parts.push(part);
  });
  request.on("end", () => finish({ kind: "text", text: Buffer.concat(parts).toString() }));
  request.on("close", () => finish({ kind: "gone" }));
}

/** Undefined where it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
