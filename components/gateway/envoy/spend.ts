import type { TokenPrice } from "../../lib/spend/prices.ts";
import { unitsPerUsd } from "../../lib/spend/units.ts";
import { clientMetadata, type Fact, facts } from "./client-metadata.ts";

/**
 * What a request cost, as expressions that a proxy evaluates when the request has ended: the rate-limit
 * protocol adds whole numbers and cannot weigh tokens by price.
 */

/** A cluster that may have answered, and what its tokens cost. */
export interface PricedBackend {
  readonly cluster: string;
  readonly price: TokenPrice;
}

/** How many bytes a token has at least, where an answer did not say what it used. */
interface Estimate {
  /** Of a prompt in JSON, or of an answer in one piece; English has about four. */
  readonly bytes: number;
  /** Of a stream, where each event of one or a few tokens has some 200 bytes of frame around it. */
  readonly streamedBytes: number;
}

/** Assumptions on the safe side, not measured at a provider; 2026-11. */
const estimate: Estimate = { bytes: 3, streamedBytes: 50 };

const metadata = "metadata.filter_metadata";
const fact = (key: Fact) => `${metadata}.${clientMetadata}.${key}`;
const present = (key: Fact) => `has(${fact(key)})`;
const countOf = (key: Fact) => `(${present(key)} ? ${fact(key)} : 0.0)`;

/** An expression over facts, 0 for a request that was refused before there were any. */
const guarded = (expression: string) => `('${clientMetadata}' in ${metadata} ? ${expression} : 0)`;

/** Whole number of an expression, rounded up: what is too little by a bit each time ends far off. */
const whole = (expression: string) => `int(${expression} + 0.999999)`;

/** An expression as a format that gives a number. */
export function numberFormat(expression: string): string {
  return `%TYPED_CEL(${expression})%`;
}

/** Tokens as the answer states them, 0 where it states none. */
export function statedTokens(kind: "input" | "cached" | "output"): string {
  return guarded(whole(countOf(facts[kind])));
}

/**
 * Tokens to charge: those stated, else an estimate. A client that hangs up before the usage arrives must not
 * be free of charge; what failed is.
 * @param assumedOutput tokens of an answer that nobody waited for
 */
export function chargedTokens(assumedOutput: number): string {
  return guarded(whole(charged({ input: 1, cached: 1, output: 1 }, assumedOutput)));
}

/** Cost in units of `unitsPerUsd`, of a request that went to a backend with this price. */
export function chargedUnits(price: TokenPrice, assumedOutput: number): string {
  return guarded(whole(charged(weightsOf(price), assumedOutput)));
}

/**
 * The same where one of several backends answered; what none of them answered costs nothing. Backends of one price
 * share an expression, since a proxy evaluates it for each request.
 */
export function chargedUnitsOf(backends: readonly PricedBackend[], assumedOutput: number): string {
  const byCost = Map.groupBy(backends, ({ price }) => charged(weightsOf(price), assumedOutput));
  const chain = [...byCost].reduceRight(
    (others, [cost, group]) =>
      `(${group.map(({ cluster }) => wentTo(cluster)).join(" || ")} ? ${cost} : ${others})`,
    "0.0",
  );
  return guarded(whole(chain));
}

/** What one token weighs. */
interface Weights {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
}

function weightsOf(price: TokenPrice): Weights {
  const perToken = (usdPerMillion: number) => (usdPerMillion * unitsPerUsd) / 1_000_000;
  return {
    input: perToken(price.inputUsdPerMillion),
    cached: perToken(price.cachedInputUsdPerMillion),
    output: perToken(price.outputUsdPerMillion),
  };
}

/** Cluster that answered; where nobody did, the one that was asked first. */
const answeredBy = `(${present(facts.backend)} ? ${fact(facts.backend)} : xds.cluster_name)`;

/** The name of a pair of clusters begins with the first, which a plus sign ends. */
function wentTo(cluster: string): string {
  return `(${answeredBy} == '${cluster}' || ${answeredBy}.startsWith('${cluster}+'))`;
}

function charged({ input, cached, output }: Weights, assumedOutput: number): string {
  const discount =
    cached === input ? "" : ` - ${countOf(facts.cached)} * ${decimal(input - cached)}`;
  // Embeddings state no tokens of an answer.
  const exact = `${countOf(facts.input)} * ${decimal(input)}${discount} + ${countOf(facts.output)} * ${decimal(output)}`;
  const prompt = `double(request.size) * ${decimal(input / estimate.bytes)}`;
  const answer = `double(response.size) * (${streamed} ? ${decimal(output / estimate.streamedBytes)} : ${decimal(output / estimate.bytes)})`;
  const unheard = decimal(assumedOutput * output);
  return `(${present(facts.input)} ? ${exact} : response.code == 200 ? ${prompt} + ${answer} : response.code == 0 ? ${prompt} + ${unheard} : 0.0)`;
}

const streamed = `(${present(facts.type)} && ${fact(facts.type)}.startsWith('text/event-stream'))`;

/** A number of the expression language with a fraction; whole numbers are of another type there. */
function decimal(value: number): string {
  return value.toFixed(9).replace(/(\.\d+?)0+$/, "$1");
}
