import { splitMonths } from "../../../components/gateway/limits/months.ts";
import { unitsOf } from "../../../components/lib/spend/units.ts";
import { goodGateway, goodPlan, parsedGateway } from "../../gateway/support/plan.ts";
import type { Plane } from "../../gateway/support/plane.ts";

/** What budgets are tried with: prices that make a short chat cost some ten units, and budgets of some hundreds. */

const source = { source: "this test", asOf: "2026-11" };

/** Units a token: 1 of a prompt and 3 of an answer outside, 2 and 4 inside. */
const prices = [
  { ...source, model: "openai/gpt-5", inputUsdPerMillion: 10, outputUsdPerMillion: 30 },
  { ...source, model: "azure/gpt-5-mini", inputUsdPerMillion: 10, outputUsdPerMillion: 30 },
  { ...source, model: "large", inputUsdPerMillion: 20, outputUsdPerMillion: 40 },
  { ...source, model: "small", inputUsdPerMillion: 20, outputUsdPerMillion: 40 },
];

/** A class without a model inside. */
const news = {
  name: "news",
  criticality: "non-critical",
  dataClass: "public",
  backends: [{ kind: "external", name: "openai", provider: "openai", model: "gpt-5" }],
};

export function planWith(limits: object) {
  return {
    ...goodPlan,
    health: { intervalSeconds: 1, timeoutSeconds: 2 },
    gateway: parsedGateway({
      ...goodGateway,
      taskClasses: [...goodGateway.taskClasses, news],
      prices,
      limits,
    }),
  };
}

/** What a budget allows in this month: in one that two windows of the service share, half in each. */
export function allowed(usd: number, now = new Date()): number {
  const units = unitsOf(usd);
  return splitMonths.includes(now.toISOString().slice(0, 7)) ? Math.floor(units / 2) : units;
}

export const inside = { chat: { own: 100, openai: 0 } };
export const outside = { chat: { own: 0, openai: 100 } };
export const way = "external-openai-gpt-5";
export const engine = "engine-large";

/** Requests that providers have seen. */
export async function providerRequests(plane: Plane): Promise<number> {
  const states = await Promise.all([...plane.providers.values()].map((each) => each.state()));
  return states.reduce((sum, { requests }) => sum + requests, 0);
}

/** What is spent outside in this month, units. */
export async function spentOutside(plane: Plane): Promise<number> {
  const month = new Date().toISOString().slice(0, 7);
  return spent(plane, `road_external_month_${month}`);
}

/** The value of the counter whose name begins so. */
export async function spent(plane: Plane, name: string): Promise<number> {
  const { counter } = plane;
  if (counter === undefined) throw new Error("the plan limits nothing");
  const windowStart = Math.floor(Date.now() / 1000 / yearSeconds) * yearSeconds;
  const answer = await counter.ask(counter.password, "GET", `private-llm_${name}_${windowStart}`);
  return Number(answer.split("\r\n")[1] ?? 0);
}

const yearSeconds = 365 * 86_400;
