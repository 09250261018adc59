import type { TokenPriceConfig } from "../stack/limits.ts";

/** US dollars for a million tokens. */
export interface TokenPrice {
  readonly inputUsdPerMillion: number;
  readonly cachedInputUsdPerMillion: number;
  readonly outputUsdPerMillion: number;
}

/**
 * Prices where a stack states none; a contract's own belong into the stack file. Source: the reference case's
 * record of its migration (rows E1 and E2), which gives no price for cached tokens; read 2026-11.
 */
const known: readonly TokenPriceConfig[] = [
  {
    model: "openai/gpt-4-turbo",
    inputUsdPerMillion: 10,
    outputUsdPerMillion: 30,
    source: "reference case, row E1",
    asOf: "2026-11",
  },
];

/**
 * What a token of one's own model costs where a stack does not say: never 0, since a budget would not see it.
 * Source: what the reference case paid a host for Llama 3 (row E1); a site's own figure is machines, power and
 * people over its tokens.
 */
export const ownTokenUsdPerMillion = 0.7;

/** The price of a provider's model; undefined where neither the stack nor the table has one. */
export function externalPrice(
  stated: readonly TokenPriceConfig[],
  provider: string,
  model: string,
): TokenPrice | undefined {
  const name = `${provider}/${model}`;
  return priceOf(stated, name) ?? priceOf(known, name);
}

/** The price of a model of the stack. */
export function ownPrice(stated: readonly TokenPriceConfig[], model: string): TokenPrice {
  return (
    priceOf(stated, model) ?? {
      inputUsdPerMillion: ownTokenUsdPerMillion,
      cachedInputUsdPerMillion: ownTokenUsdPerMillion,
      outputUsdPerMillion: ownTokenUsdPerMillion,
    }
  );
}

function priceOf(prices: readonly TokenPriceConfig[], name: string): TokenPrice | undefined {
  const found = prices.find(({ model }) => model === name);
  if (found === undefined) return undefined;
  const { inputUsdPerMillion, cachedInputUsdPerMillion, outputUsdPerMillion } = found;
  return {
    inputUsdPerMillion,
    cachedInputUsdPerMillion: cachedInputUsdPerMillion ?? inputUsdPerMillion,
    outputUsdPerMillion,
  };
}
