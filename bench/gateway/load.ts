import * as net from "node:net";
import * as tls from "node:tls";
import { ResponseEnd } from "./response-end.ts";

/** Where requests go, and what they are. */
export interface Target {
  readonly port: number;
  /** TLS with this authority and server name. @default - plain HTTP */
  readonly tls?: { readonly authority: string; readonly serverName: string };
  readonly key: string;
  readonly model: string;
}

export type Kind = "plain" | "stream";

export interface LoadOptions {
  readonly kind: Kind;
  readonly connections: number;
  readonly seconds: number;
}

export interface Load {
  /** Until the last byte of the answer, milliseconds. */
  readonly times: readonly number[];
  /** From the first request to the last answer. */
  readonly seconds: number;
}

/**
 * A closed loop: each connection sends its next request when the answer to the one before is complete.
 * @throws Error for any answer other than 200, and for a connection that is lost
 */
export async function load(target: Target, options: LoadOptions): Promise<Load> {
  const sockets = await Promise.all(
    Array.from({ length: options.connections }, () => connected(target)),
  );
  const request = requestBytes(target, options.kind);
  const times: number[] = [];
  const start = performance.now();
  const end = start + options.seconds * 1000;
  try {
    await Promise.all(sockets.map((socket) => drive(socket, request, end, times)));
    return { times, seconds: (performance.now() - start) / 1000 };
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}

function drive(socket: net.Socket, request: Buffer, end: number, times: number[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const answer = new ResponseEnd();
    let sent = 0;
    const send = () => {
      sent = performance.now();
      socket.write(request);
    };
    socket.on("data", (bytes: Buffer) => {
      try {
        if (!answer.isComplete(bytes)) return;
      } catch (error) {
        reject(error);
        return;
      }
      const now = performance.now();
      times.push(now - sent);
      if (now < end) send();
      else resolve();
    });
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("the connection was closed")));
    send();
  });
}

function connected({ port, tls: secure }: Target): Promise<net.Socket> {
  const host = "127.0.0.1";
  return new Promise((resolve, reject) => {
    const socket =
      secure === undefined
        ? net.connect({ host, port })
        : tls.connect({
            host,
            port,
            ca: secure.authority,
            servername: secure.serverName,
            ALPNProtocols: ["http/1.1"],
          });
    socket.setNoDelay(true);
    socket.once("error", reject);
    socket.once(secure === undefined ? "connect" : "secureConnect", () => {
      socket.off("error", reject);
      resolve(socket);
    });
  });
}

/** A chat of a few hundred bytes: what is measured is the way, not the size. */
function requestBytes({ key, model }: Target, kind: Kind): Buffer {
  const body = JSON.stringify({
    model,
    messages: [
      { role: "system", content: "You answer questions about the holiday rules of this house." },
      { role: "user", content: "How many days of holiday are left to me if I have taken twelve?" },
    ],
    max_tokens: 32,
    ...(kind === "stream" ? { stream: true, stream_options: { include_usage: true } } : {}),
  });
  const head = [
    "POST /v1/chat/completions HTTP/1.1",
    "host: gateway.test",
    `authorization: Bearer ${key}`,
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`);
}
