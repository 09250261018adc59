import tls from "node:tls";
import test from "ava";
import OpenAI from "openai";
import { ports } from "../../components/gateway/names.ts";
import { eventually } from "../gateway/support/eventually.ts";
import { type Plane, type RunningProxy, startPlane } from "../gateway/support/plane.ts";
import { testAuthority } from "../gateway/support/secrets.ts";
import { client } from "./support/client.ts";
import { inForce } from "./support/in-force.ts";

/** The official client, as it comes: it knows the gateway's address, a key and an authority. */
let plane: Plane;

test.before(async () => {
  tls.setDefaultCACertificates([testAuthority]);
  plane = await startPlane();
  plane.share({ chat: { own: 0, openai: 100 }, summary: { own: 1, azure: 99 } });
  await inForce(plane.open, "summary", 1);
  plane.share({ chat: { own: 0, openai: 100 }, summary: { own: 0, azure: 100 } });
  await inForce(plane.open, "summary", 0);
  const from = client(plane.closed, "key-contracts");
  await eventually(
    () => from.send(),
    ({ status }) => status === 200,
  );
  from.close();
});
test.after.always(() => plane.stop());

function official(proxy: RunningProxy, apiKey: string): OpenAI {
  const baseURL = `https://127.0.0.1:${proxy.port(ports.clients)}/v1`;
  return new OpenAI({ baseURL, apiKey, maxRetries: 0, timeout: 20_000 });
}

/** A class whose requests all go to one kind of backend. */
interface Road {
  readonly api: () => OpenAI;
  readonly simulator: string;
}

const roads: Readonly<Record<string, Road>> = {
  "an engine": {
    api: () => official(plane.closed, "key-contracts"),
    simulator: "engine-small",
  },
  "a provider that is OpenAI": {
    api: () => official(plane.open, "key-chat"),
    simulator: "provider-openai",
  },
  "a provider that is Azure": {
    api: () => official(plane.open, "key-summary"),
    simulator: "provider-azure",
  },
};

const model = "house-model";
const messages = [{ role: "user", content: "Say something long, please" }] as const;
const ask = { model, messages: [...messages], max_tokens: 12 };
const tools: OpenAI.ChatCompletionTool[] = [
  {
    type: "function",
    function: {
      name: "get_weather",
      parameters: { type: "object", properties: { city: { type: "string" } } },
    },
  },
];

for (const [name, { api, simulator }] of Object.entries(roads)) {
  test.serial(`${name}: chat, with its use of tokens`, async (t) => {
    const { data, response } = await api().chat.completions.create(ask).withResponse();
    t.is(response.headers.get("x-simulator"), simulator);
    t.truthy(data.choices[0]?.message.content);
    t.is(data.usage?.completion_tokens, 12);
  });

  test.serial(`${name}: a stream, complete and with its use of tokens at the end`, async (t) => {
    const stream = await api().chat.completions.create({
      ...ask,
      stream: true,
      stream_options: { include_usage: true },
    });
    let said = "";
    let tokens: number | undefined;
    let finish: string | null | undefined;
    for await (const { choices, usage } of stream) {
      said += choices[0]?.delta.content ?? "";
      finish = choices[0]?.finish_reason ?? finish;
      tokens = usage?.completion_tokens ?? tokens;
    }
    t.true(said.length > 10);
    t.is(finish, "length");
    t.is(tokens, 12);
  });

  test.serial(`${name}: a tool call, in one piece and as a stream`, async (t) => {
    const asking = { ...ask, max_tokens: 40, tools, tool_choice: "required" as const };
    const answer = await api().chat.completions.create(asking);
    t.is(answer.choices[0]?.finish_reason, "tool_calls");
    const streamed = await api().chat.completions.stream(asking).finalChatCompletion();
    for (const { choices } of [answer, streamed]) {
      const [called] = choices[0]?.message.tool_calls ?? [];
      t.like(called, { function: { name: "get_weather", arguments: '{"city":"simulated"}' } });
    }
  });

  test.serial(`${name}: embeddings and completions`, async (t) => {
    const embeddings = await api().embeddings.create({ model, input: ["a", "b"] });
    t.is(embeddings.data.length, 2);
    const { choices } = await api().completions.create({ model, prompt: "a", max_tokens: 3 });
    t.truthy(choices[0]?.text);
  });

  test.serial(`${name}: the list of models names the one that clients ask for`, async (t) => {
    const { data } = await api().models.list();
    t.deepEqual(
      data.map(({ id }) => id),
      [model],
    );
  });
}

test.serial("a wrong key is an AuthenticationError", async (t) => {
  for (const proxy of [plane.open, plane.closed]) {
    const error = await t.throwsAsync(official(proxy, "wrong").chat.completions.create(ask), {
      instanceOf: OpenAI.AuthenticationError,
    });
    t.like(error, { status: 401, code: "invalid_api_key", type: "invalid_request_error" });
    t.regex(error.message, /missing or wrong/);
  }
});

test.serial("a key of no class is a BadRequestError", async (t) => {
  const error = await t.throwsAsync(
    official(plane.open, "key-nowhere").chat.completions.create(ask),
    { instanceOf: OpenAI.BadRequestError },
  );
  t.like(error, { status: 400, code: "unknown_task_class" });
});

test.serial("what the gateway does not serve is a NotFoundError", async (t) => {
  const api = official(plane.open, "key-chat");
  for (const asking of [
    api.responses.create({ model, input: "a" }),
    api.moderations.create({ input: "a" }),
    api.files.list(),
  ]) {
    const error = await t.throwsAsync(asking, { instanceOf: OpenAI.NotFoundError });
    t.like(error, { status: 404, code: "not_found" });
  }
});

test.serial("a request that is too large is an APIError that says so", async (t) => {
  const error = await t.throwsAsync(
    official(plane.open, "key-chat").chat.completions.create({
      model,
      messages: [{ role: "user", content: "x".repeat(9_000_000) }],
    }),
    { instanceOf: OpenAI.APIError },
  );
  t.like(error, { status: 413, code: "request_too_large" });
});

test.serial("what a backend says against a request is told as it says it", async (t) => {
  for (const { api } of Object.values(roads)) {
    const error = await t.throwsAsync(api().chat.completions.create({ ...ask, max_tokens: -1 }), {
      instanceOf: OpenAI.BadRequestError,
    });
    t.regex(error.message, /max_tokens/);
  }
});

test.serial("a limit of a provider is a RateLimitError", async (t) => {
  for (const provider of plane.providers.values()) {
    await provider.fault({ kind: "status", status: 429 });
  }
  for (const key of ["key-chat", "key-summary"]) {
    await t.throwsAsync(official(plane.open, key).chat.completions.create(ask), {
      instanceOf: OpenAI.RateLimitError,
    });
  }
});

test.serial("without any backend it is an InternalServerError with status 503", async (t) => {
  for (const each of [...plane.engines.values(), ...plane.providers.values()]) {
    await each.fault({ kind: "refuse" });
  }
  for (const { api } of Object.values(roads)) {
    const error = await t.throwsAsync(api().chat.completions.create(ask), {
      instanceOf: OpenAI.InternalServerError,
    });
    t.like(error, { status: 503, code: "no_backend_available", type: "server_error" });
  }
});
