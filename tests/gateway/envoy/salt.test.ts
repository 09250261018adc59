import test from "ava";
import { z } from "zod";
import { gatewayFiles } from "../../../components/gateway/envoy/files.ts";
import { ports } from "../../../components/gateway/names.ts";
import { call } from "../support/call.ts";
import { eventually } from "../support/eventually.ts";
import { goodPlan } from "../support/plan.ts";
import { type Plane, startPlane } from "../support/plane.ts";

/** What one team learns of another's prompts from an engine that keeps their beginnings. */

const clients = [
  { key: "key-red", client: "tickets/red" },
  { key: "key-green", client: "tickets/green" },
];
let plane: Plane;

test.before(async () => {
  plane = await startPlane({ ...goodPlan, saltsTeams: true }, { clients });
  // Engines are healthy once they have been asked.
  await eventually(
    () => ask("key-red", "Hello"),
    ({ status }) => status === 200,
  );
});
test.after.always(() => plane?.stop());

const usage = z.object({
  usage: z.object({ prompt_tokens_details: z.object({ cached_tokens: z.number() }) }),
});

function ask(key: string, content: string, own: object = {}) {
  const messages = [{ role: "user", content }];
  const body = JSON.stringify({ model: "house-model", messages, max_tokens: 1, ...own });
  return call(plane.closed.port(ports.clients), { key, body });
}

/** Tokens of the prompt that the engine did not compute again. */
async function reused(...request: Parameters<typeof ask>): Promise<number> {
  const { status, text } = await ask(...request);
  if (status !== 200) throw new Error(`${status}: ${text}`);
  return usage.parse(JSON.parse(text)).usage.prompt_tokens_details.cached_tokens;
}

test("an engine reuses a prompt for the team that sent it, and for no other", async (t) => {
  const prompt = "The merger with Northwind will be announced on Monday. ".repeat(20);
  t.is(await reused("key-red", prompt), 0);
  t.true((await reused("key-red", prompt)) > 0);
  t.is(await reused("key-green", prompt), 0);
});

test("a salt of the client's own is overwritten", async (t) => {
  const prompt = "Our reserve price is forty million, and not a dollar less. ".repeat(20);
  t.is(await reused("key-red", prompt, { cache_salt: "green" }), 0);
  t.is(await reused("key-green", prompt, { cache_salt: "red" }), 0);
  t.true((await reused("key-green", prompt, { cache_salt: "blue" })) > 0);
});

test("without a cache of prompts no request is changed", (t) => {
  const { open, closed, egress } = gatewayFiles(goodPlan);
  t.notRegex(JSON.stringify([open, closed, egress]), /cache_salt/);
  const salted = gatewayFiles({ ...goodPlan, saltsTeams: true });
  t.regex(JSON.stringify(salted.open), /cache_salt/);
  t.regex(JSON.stringify(salted.closed), /cache_salt/);
});
