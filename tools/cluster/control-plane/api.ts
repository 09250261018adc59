import { readFile } from "node:fs/promises";
import type { ClientRequest, IncomingMessage } from "node:http";
import { request } from "node:https";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Layout } from "./layout.ts";
import type { ClusterRecord } from "./record.ts";

const requestTimeout = 10_000;

export interface ApiResponse {
  readonly status: number;
  readonly body: string;
}

export interface ApiCall {
  readonly method?: "GET" | "PATCH";
  readonly contentType?: string;
  readonly body?: string;
}

/** Talks to the cluster's API server as its admin. */
export type Api = (path: string, call?: ApiCall) => Promise<ApiResponse>;

/** @throws from a call where the server does not answer; an HTTP error is a normal response */
export async function connect(layout: Layout, record: ClusterRecord): Promise<Api> {
  const [ca, cert, key] = await Promise.all(
    ["ca.crt", "admin.crt", "admin.key"].map((file) => readFile(join(layout.pki, file))),
  );
  return async (path, { method = "GET", contentType, body } = {}) => {
    const call = request({
      host: "127.0.0.1",
      port: record.ports.api,
      path,
      method,
      ca,
      cert,
      key,
      // A pooled connection would keep this process alive after its work is done.
      agent: false,
      timeout: requestTimeout,
      headers: {
        accept: "application/json",
        ...(contentType === undefined ? {} : { "content-type": contentType }),
      },
    });
    call.on("timeout", () => call.destroy(new Error(`${path}: no answer in ${requestTimeout} ms`)));
    call.end(body);
    const response = await answered(call);
    return { status: response.statusCode ?? 0, body: await text(response) };
  };
}

/** True for a 2xx answer; false for any other answer or none. */
export async function answers(api: Api, path: string): Promise<boolean> {
  try {
    const { status } = await api(path);
    return status >= 200 && status < 300;
  } catch {
    return false;
  }
}

function answered(call: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    call.once("response", resolve);
    // Stays for errors after the response has begun; those also reach its reader.
    call.on("error", reject);
  });
}
