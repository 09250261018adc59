import { Agent, type RequestOptions, request } from "node:https";
import { ports } from "../../../components/gateway/names.ts";
import { shortChat } from "../../gateway/support/call.ts";
import type { RunningProxy } from "../../gateway/support/plane.ts";
import { testAuthority } from "../../gateway/support/secrets.ts";

/** What a client has in its hands after a request, whatever became of it. */
export interface Outcome {
  /** 0 where no answer began. */
  readonly status: number;
  /** Name of the simulator that answered; undefined where the gateway answered by itself. */
  readonly by: string | undefined;
  readonly text: string;
  /** Why no answer began, or why it broke off. */
  readonly error: string | undefined;
  readonly startedAt: number;
  readonly milliseconds: number;
}

export interface Client {
  /** @param body @default - a short chat */
  send(body?: string): Promise<Outcome>;
  close(): void;
}

/** A client that keeps its connections, as client libraries do; it never tries again by itself. */
export function client(proxy: RunningProxy, key: string, connections = 32): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: connections, ca: testAuthority });
  const options: RequestOptions = {
    agent,
    host: "127.0.0.1",
    servername: "gateway.test",
    port: proxy.port(ports.clients),
    path: "/v1/chat/completions",
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
  };
  return { send: (body = shortChat) => send(options, body), close: () => agent.destroy() };
}

function send(options: RequestOptions, body: string): Promise<Outcome> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const end = (rest: Pick<Outcome, "status" | "by" | "text" | "error">) =>
      resolve({ ...rest, startedAt, milliseconds: performance.now() - startedAt });
    const outgoing = request(options, (response) => {
      const by = response.headers["x-simulator"];
      const begun = {
        status: response.statusCode ?? 0,
        by: typeof by === "string" ? by : undefined,
      };
      let received = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        received += chunk;
      });
      response.on("error", (error) => end({ ...begun, text: received, error: error.message }));
      response.on("end", () => end({ ...begun, text: received, error: undefined }));
    });
    outgoing.on("error", (error) =>
      end({ status: 0, by: undefined, text: "", error: error.message }),
    );
    outgoing.end(body);
  });
}

/** `count` requests, `width` at a time. */
export async function sendMany(
  from: Client,
  count: number,
  width: number,
  body?: string,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  let begun = 0;
  const worker = async () => {
    while (begun < count) {
      begun++;
      outcomes.push(await from.send(body));
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return outcomes;
}
