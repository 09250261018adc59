import * as http from "node:http";
import * as https from "node:https";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import type { KubeConfig } from "@kubernetes/client-node";
import type { Value } from "../../policies/model/value.ts";
import { DeployError } from "../errors.ts";

export interface Call {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly contentType?: string;
  /** Acts as somebody else, where the caller may. @default - as the credentials say */
  readonly as?: { readonly user: string; readonly group: string };
}

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface Answer {
  readonly status: number;
  readonly body: Value;
}

/** An API server, spoken to with the credentials of one kubeconfig context. */
export interface KubeClient {
  readonly server: string;
  /** An HTTP error is a normal answer; a POST is sent once, the others again where the server is busy. @throws UnreachableError where there is none */
  send(method: Method, path: string, call?: Call): Promise<Answer>;
}

/** No API server answered. */
export class UnreachableError extends DeployError {
  override readonly name = "UnreachableError";

  constructor(server: string, reason: string) {
    super(
      `API endpoint ${server} not reachable from here (${reason}); run this from a machine in the ` +
        "cluster's network (VPN, bastion or a runner inside), and see that the kubeconfig names the right server",
    );
  }
}

const requestTimeout = 15_000;
/** The server asks for patience with these. */
const busy = new Set([429, 503]);
const attempts = 4;

/** @param config with the context to use as its current one */
export async function connectTo(config: KubeConfig): Promise<KubeClient> {
  const server = config.getCurrentCluster()?.server;
  if (server === undefined) {
    throw new DeployError(`context "${config.getCurrentContext()}" names no cluster with a server`);
  }
  const options = await connection(config);
  const send = async (method: Method, path: string, call: Call = {}) => {
    for (let attempt = 1; ; attempt++) {
      const answer = await once(server, options, method, path, call);
      const again = method !== "POST" && busy.has(answer.status) && attempt < attempts;
      if (!again) return answer;
      await sleep(500 * attempt);
    }
  };
  return { server, send };
}

async function connection(config: KubeConfig): Promise<https.RequestOptions> {
  const options: https.RequestOptions = {};
  const cluster = config.getCurrentCluster();
  try {
    await config.applyToHTTPSOptions(options);
  } catch (error) {
    throw new DeployError(
      `context "${config.getCurrentContext()}": its credentials cannot be had: ${reasonOf(error)}`,
    );
  }
  if (cluster?.proxyUrl !== undefined || cluster?.server.startsWith("http:")) return options;
  // One handshake for all requests; an idle connection does not keep the process alive.
  const { ca, cert, key, rejectUnauthorized, servername } = options;
  const agent = new https.Agent(
    Object.fromEntries(
      Object.entries({ ca, cert, key, rejectUnauthorized, servername, keepAlive: true }).filter(
        ([, value]) => value !== undefined,
      ),
    ),
  );
  return { ...options, agent };
}

async function once(
  server: string,
  options: https.RequestOptions,
  method: string,
  path: string,
  { query = {}, body, contentType = "application/json", as }: Call,
): Promise<Answer> {
  // The server may itself lie below a path, as behind a proxy.
  const url = new URL(`${server.replace(/\/+$/, "")}${path}`);
  for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
  const content = body === undefined ? undefined : JSON.stringify(body);
  const request = (url.protocol === "http:" ? http : https).request(url, {
    ...options,
    method,
    timeout: requestTimeout,
    headers: {
      ...Object.fromEntries(Object.entries(options.headers ?? {})),
      accept: "application/json",
      ...(as === undefined ? {} : { "impersonate-user": as.user, "impersonate-group": as.group }),
      ...(content === undefined
        ? {}
        : { "content-type": contentType, "content-length": Buffer.byteLength(content) }),
    },
  });
  request.on("timeout", () =>
    request.destroy(new Error(`no answer in ${requestTimeout / 1000} s`)),
  );
  try {
    request.end(content);
    const response = await answered(request);
    return { status: response.statusCode ?? 0, body: parsed(await text(response)) };
  } catch (error) {
    throw new UnreachableError(server, reasonOf(error));
  }
}

function answered(request: http.ClientRequest): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once("response", resolve);
    request.on("error", reject);
  });
}

function parsed(content: string): Value {
  try {
    return JSON.parse(content);
  } catch {
    // A proxy in between answers in HTML; the status says enough.
    return content;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ("code" in error && typeof error.code === "string") return error.code;
  return error.message;
}
