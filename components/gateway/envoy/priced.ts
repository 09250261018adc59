import { engineCluster } from "../../lib/migration/desired.ts";
import { externalPrice, ownPrice } from "../../lib/spend/prices.ts";
import { enginesOf, type GatewayPlan, type Road, roadsOut } from "./plan.ts";
import { chargedTokens, chargedUnits, chargedUnitsOf, type PricedBackend } from "./spend.ts";

type Classes = Parameters<typeof enginesOf>[0];

/** Expression of what a request of one of these classes cost, whoever answered. */
export function unitsOfClasses(plan: GatewayPlan, classes: Classes): string {
  return chargedUnitsOf(backendsOf(plan, classes), longestAnswer(classes));
}

/** Expression of the tokens that it took. */
export function tokensOfClasses(classes: Classes): string {
  return chargedTokens(longestAnswer(classes));
}

/** Expression of what a request on this way out cost; without a price nothing is counted, and no limit may exist. */
export function unitsOfRoad({ gateway }: GatewayPlan, { provider, model }: Road): string {
  const price = externalPrice(gateway.prices, provider.name, model);
  return price === undefined ? "0" : chargedUnits(price, longestAnswer(gateway.taskClasses));
}

/** Roads without a price are left out; what they cost is not known. */
function backendsOf(plan: GatewayPlan, classes: Classes): PricedBackend[] {
  const { prices } = plan.gateway;
  const asked = new Set(classes.flatMap(({ backends }) => backends.map(({ kind }) => kind)));
  return [
    ...enginesOf(classes, plan.models).map(({ name }) => ({
      cluster: engineCluster(name),
      price: ownPrice(prices, name),
    })),
    ...(asked.has("external") ? roadsOut(plan) : []).flatMap(({ cluster, provider, model }) => {
      const price = externalPrice(prices, provider.name, model);
      return price === undefined ? [] : [{ cluster, price }];
    }),
  ];
}

/** Tokens of the longest answer that some class allows. */
function longestAnswer(classes: Classes): number {
  return Math.max(...classes.map(({ maxOutputTokens }) => maxOutputTokens));
}
