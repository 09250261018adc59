import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type Fault, parseFault } from "./faults.ts";
import { sendJson } from "./replies.ts";
import { parseJson, readBody } from "./request-body.ts";
import type { World } from "./world.ts";

/** What a test may do to a simulator. */
export interface Controls {
  readonly world: World;
  readonly setFault: (fault: Fault) => Promise<void>;
}

const paths = "GET /state, GET /last?n=20, POST /fault, POST /reset-counters";

/** A port of its own, so that no path of it can be reached through a gateway. */
export function controlServer(controls: Controls): Server {
  return createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://control");
    switch (`${request.method ?? ""} ${pathname}`) {
      case "GET /state":
        return sendJson(response, 200, JSON.stringify(state(controls.world)));
      case "GET /last": {
        const count = Number(searchParams.get("n") ?? 20);
        return sendJson(response, 200, JSON.stringify(controls.world.traffic.last(count)));
      }
      case "POST /reset-counters":
        controls.world.traffic.reset();
        return sendJson(response, 200, JSON.stringify(state(controls.world)));
      case "POST /fault":
        return setFault(controls, request, response);
      default:
        return sendJson(response, 404, JSON.stringify({ error: `there are ${paths}` }));
    }
  });
}

function state({ options, scheduler, traffic, fault }: World) {
  return {
    name: options.name,
    role: options.role,
    ...traffic.counters(),
    running: scheduler.running,
    waiting: scheduler.waiting,
    rejected: scheduler.statistics.rejections,
    draining: scheduler.draining,
    fault: fault(),
  };
}

/** What `GET /state` answers. */
export type SimulatorState = ReturnType<typeof state>;

function setFault(
  { world, setFault: set }: Controls,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  readBody(request, (body) => {
    const parsed = parseFault(body.kind === "text" ? parseJson(body.text) : undefined);
    if (!parsed.ok) return sendJson(response, 400, JSON.stringify({ error: parsed.message }));
    set(parsed.fault).then(
      () => sendJson(response, 200, JSON.stringify(state(world))),
      (error: unknown) => sendJson(response, 500, JSON.stringify({ error: String(error) })),
    );
  });
}
