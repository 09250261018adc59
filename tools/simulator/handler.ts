import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { type ApiError, apiError, errorBody, queueFull } from "./api-error.ts";
import { embed } from "./embeddings.ts";
import { type Generate, generation } from "./generation.ts";
import { metricsText } from "./metrics-text.ts";
import { modelPage, modelsPage, tokenizePage, versionPage } from "./pages.ts";
import { sendJson } from "./replies.ts";
import { type Body, mostBodyBytes, parseJson, readBody } from "./request-body.ts";
import { reset } from "./reset.ts";
import { isApi, method, type Route, routes } from "./routes.ts";
import { isRecord, type JsonObject } from "./values.ts";
import type { World } from "./world.ts";

interface Exchange {
  readonly world: World;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly route: Route;
  readonly path: string;
}

/** Answers what comes in at the port that clients see. */
export function handler(world: World): RequestListener {
  const { options, traffic } = world;
  const find = routes(options.role, options.basePath);
  const generate = generation(world);
  return (request, response) => {
    const [path = "/", query] = (request.url ?? "/").split("?", 2);
    response.setHeader("x-simulator", options.name);
    const given = request.headers["x-request-id"];
    if (typeof given === "string") response.setHeader("x-request-id", given);
    traffic.path(path);
    const route = find(path, query === undefined ? undefined : new URLSearchParams(query));
    const wrong = refusal(request, path, route);
    if (route === undefined || wrong !== undefined)
      return fail(world, response, wrong ?? apiError(404, `There is nothing at ${path}.`));
    const exchange: Exchange = { world, request, response, route, path };
    if (!isApi(route)) return page(exchange);
    noteEnd(exchange);
    readBody(request, (body) => api(exchange, body, generate));
  };
}

function refusal(request: IncomingMessage, path: string, route: Route | undefined) {
  if (route === undefined) return apiError(404, `There is nothing at ${path}.`);
  const wanted = method(route);
  if (request.method === wanted) return undefined;
  return apiError(405, `${path} takes ${wanted}, not ${request.method ?? "nothing"}.`);
}

function noteEnd({ world: { traffic, fault }, request, response }: Exchange): void {
  response.on("close", () => {
    if (!response.writableFinished) traffic.aborted++;
    else if (response.statusCode < 400) traffic.completed++;
    else traffic.failed++;
    // A connection that was kept would let in more than the closed port does.
    if (fault().kind === "refuse") request.socket.end();
  });
}

function api(exchange: Exchange, body: Body, generate: Generate): void {
  const { world, request, response, route, path } = exchange;
  if (body.kind === "gone") return;
  const json = body.kind === "text" ? parseJson(body.text) : undefined;
  world.traffic.api(request.method ?? "", path, request.headers, json ?? null);
  if (body.kind === "too-large") {
    // What is still on its way would be taken for the next request.
    response.setHeader("connection", "close");
    return fail(world, response, apiError(413, `The body has more than ${mostBodyBytes} bytes.`));
  }
  if (route.guarded && !mayEnter(world, request))
    return fail(
      world,
      response,
      apiError(401, "The API key is missing or wrong.", null, "invalid_api_key"),
    );
  if (route.kind === "models")
    return sendJson(response, 200, modelsPage(world.options, world.started));
  if (route.kind === "model") return oneModel(exchange, route.model);
  if (isInferenceFault(exchange)) return;
  if (!isRecord(json))
    return fail(world, response, apiError(400, "The body is no JSON object; send one."));
  answer(exchange, json, generate);
}

function mayEnter({ apiKey }: World, { headers }: IncomingMessage): boolean {
  if (apiKey === undefined) return true;
  return headers.authorization === `Bearer ${apiKey}` || headers["api-key"] === apiKey;
}

/** Whether a fault has taken the request. */
function isInferenceFault({ world, response, route }: Exchange): boolean {
  const fault = world.fault();
  if (route.kind === "tokenize") return false;
  if (fault.kind === "reset") reset(response);
  else if (fault.kind === "full") {
    world.scheduler.statistics.rejections++;
    fail(world, response, queueFull);
  } else if (fault.kind === "status" && world.random() < fault.rate)
    fail(world, response, apiError(fault.status, "A simulated fault."));
  // A generation waits in the scheduler; an embedding has nothing to wait for.
  else return fault.kind === "wedge" && route.kind === "embeddings";
  return true;
}

function answer(exchange: Exchange, json: JsonObject, generate: Generate): void {
  const { world, response, route } = exchange;
  switch (route.kind) {
    case "tokenize":
      return sendJson(response, 200, tokenizePage(json, world.options));
    case "embeddings":
      return vectors(exchange, json);
    case "completion":
      return give(exchange, generate("completion", json, response, route.model));
    case "invocations":
      if (json["input"] !== undefined) return vectors(exchange, json);
      return give(
        exchange,
        generate(json["messages"] === undefined ? "completion" : "chat", json, response),
      );
    case "chat":
      return give(exchange, generate("chat", json, response, route.model));
    case "health":
    case "version":
    case "metrics":
    case "models":
    case "model":
      // Answered before: they have no body.
      return;
    default:
      route.kind satisfies never;
  }
}

function give({ world, response }: Exchange, error: ApiError | undefined): void {
  if (error !== undefined) fail(world, response, error);
}

function vectors({ world, response, route }: Exchange, json: JsonObject): void {
  const embedded = embed(json, world.options, route.model);
  if (embedded.ok) sendJson(response, 200, embedded.body);
  else fail(world, response, embedded.error);
}

function oneModel({ world, response }: Exchange, id: string | undefined): void {
  const found = modelPage(id, world.options, world.started);
  if (found !== undefined) sendJson(response, 200, found);
  else
    fail(
      world,
      response,
      apiError(404, `The model \`${id}\` does not exist.`, "model", "model_not_found"),
    );
}

function page({ world, response, route }: Exchange): void {
  if (route.kind === "version") return sendJson(response, 200, versionPage());
  if (route.kind === "health") {
    response.writeHead(200, { "content-length": 0 });
    response.end();
    return;
  }
  const { scheduler, options } = world;
  // A wedged engine's own figures look idle: that is what makes it hard to notice.
  const { wedged } = scheduler;
  const gauges = {
    model: options.models[0],
    running: wedged ? 0 : scheduler.running,
    waiting: wedged ? 0 : scheduler.waiting,
    kvCacheUsage: scheduler.kvCacheUsage(),
  };
  response.writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" });
  response.end(metricsText(gauges, scheduler.statistics));
}

function fail({ options }: World, response: ServerResponse, error: ApiError): void {
  sendJson(response, error.status, errorBody(options.role, error));
}
