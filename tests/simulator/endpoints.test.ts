import { request } from "node:https";
import * as path from "node:path";
import test from "ava";
import { AzureOpenAI } from "openai";
import { selfSigned } from "../support/certificate.ts";
import { temporaryFolder } from "../support/temporary.ts";
import { chat, client, keyFile, simulator } from "./support/simulators.ts";

test("models are listed, the engine's with their context length", async (t) => {
  const engine = await client(await simulator(t, { models: ["a", "b"] })).models.list();
  t.deepEqual(
    engine.data.map(({ id, object }) => [id, object]),
    [
      ["a", "model"],
      ["b", "model"],
    ],
  );
  t.like(engine.data[0], { owned_by: "vllm", max_model_len: 8192 });
});

test("a provider tells of one model, and of no other", async (t) => {
  const { models } = client(await simulator(t, { role: "provider", models: ["a/b"] }));
  t.like(await models.retrieve("a/b"), { id: "a/b", object: "model" });
  await t.throwsAsync(models.retrieve("c"), { message: /`c` does not exist/ });
});

test("embeddings are unit vectors that depend on the text alone", async (t) => {
  const { embeddings } = client(await simulator(t));
  const { data, usage } = await embeddings.create({ model: "m", input: ["one", "two", "one"] });
  const [one = [], two = [], again = []] = data.map(({ embedding }) => embedding);
  t.is(one.length, 64);
  t.true(Math.abs(Math.hypot(...one) - 1) < 1e-6);
  t.deepEqual(again, one);
  t.notDeepEqual(two, one);
  t.is(usage.prompt_tokens, 3);
});

test("embeddings as numbers are those that the client decodes", async (t) => {
  const { embeddings } = client(await simulator(t));
  const common = { model: "m", input: "text", dimensions: 8 };
  const numbers = await embeddings.create({ ...common, encoding_format: "float" });
  const decoded = await embeddings.create(common);
  t.deepEqual(decoded.data[0]?.embedding, numbers.data[0]?.embedding);
});

test("embeddings as base64 are what was asked for, and smaller", async (t) => {
  const { url } = await simulator(t);
  const body = JSON.stringify({
    model: "m",
    input: "text",
    dimensions: 3,
    encoding_format: "base64",
  });
  const text = await (await fetch(`${url}/v1/embeddings`, { method: "POST", body })).text();
  t.regex(text, /"embedding":"[\w+/]{16}"/);
});

test("the engine tells its version, tokens and health", async (t) => {
  const { url } = await simulator(t);
  t.deepEqual(await (await fetch(`${url}/version`)).json(), { version: "0.33.0" });
  t.is((await fetch(`${url}/ping`)).status, 200);
  const body = JSON.stringify({ prompt: "twelve chars" });
  const tokens = await (await fetch(`${url}/tokenize`, { method: "POST", body })).json();
  t.like(tokens, { count: 3, max_model_len: 8192, tokens: [0, 1, 2] });
});

test("a provider answers under its base path alone", async (t) => {
  const it = await simulator(t, { role: "provider", basePath: "/api/v2" });
  await t.notThrowsAsync(client(it, "k", "/api/v2").chat.completions.create(chat));
  await t.throwsAsync(client(it).chat.completions.create(chat), { message: /nothing at \/v1/ });
});

test("the official Azure client is answered, by deployment and with its own key header", async (t) => {
  const { url } = await simulator(t, { role: "provider", apiKeyFile: await keyFile(t, "right") });
  const azure = (apiKey: string) =>
    new AzureOpenAI({ endpoint: url, apiKey, apiVersion: "2024-10-21", maxRetries: 0 });
  const answer = await azure("right").chat.completions.create(chat);
  t.is(answer.model, "m");
  await t.throwsAsync(azure("wrong").chat.completions.create(chat), { message: /401/ });
  await t.throwsAsync(azure("right").chat.completions.create({ ...chat, model: "x" }), {
    message: /`x` does not exist/,
  });
});

test("Azure's form without a version is not found", async (t) => {
  const { url } = await simulator(t, { role: "provider" });
  const body = JSON.stringify(chat);
  const deployment = `${url}/openai/deployments/m/chat/completions`;
  t.is((await fetch(deployment, { method: "POST", body })).status, 404);
  t.is((await fetch(`${deployment}?api-version=1`, { method: "POST", body })).status, 200);
});

test("with a certificate the simulator speaks TLS, and cuts connections there too", async (t) => {
  const { certificate, key } = selfSigned("127.0.0.1");
  const folder = await temporaryFolder(t, { cert: certificate, key });
  const tls = { certFile: path.join(folder, "cert"), keyFile: path.join(folder, "key") };
  const it = await simulator(t, { tls });
  const status = () =>
    new Promise<number | undefined>((resolve, reject) => {
      const sent = request(`${it.url}/v1/chat/completions`, { method: "POST", ca: certificate });
      sent.on("response", (response) => resolve(response.resume().statusCode));
      sent.on("error", reject).end(JSON.stringify(chat));
    });
  t.regex(it.url, /^https:/);
  t.is(await status(), 200);
  await it.fault({ kind: "reset" });
  await t.throwsAsync(status(), { code: "ECONNRESET" });
  await it.fault({ kind: "none" });
  t.is(await status(), 200);
});
