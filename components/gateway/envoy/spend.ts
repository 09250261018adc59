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
export function statedTokens(kind: Kind): string {
  return guarded(whole(countOf(facts[kind])));
}

/**
 * Tokens to charge: those stated, else an estimate. A client that hangs up before the usage arrives must not
 * be free of charge; what failed is.
 * @param assumedOutput tokens of an answer that nobody waited for
 */
export function chargedTokens(assumedOutput: number): string {
  return charged(() => "1.0", assumedOutput);
}

/** Cost in units of `unitsPerUsd`, of a request that went to a backend with this price. */
export function chargedUnits(price: TokenPrice, assumedOutput: number): string {
  return charged((kind) => decimal(unitsPerToken(price, kind)), assumedOutput);
}

/** The same where one of several backends answered; what none of them answered costs nothing. */
export function chargedUnitsOf(backends: readonly PricedBackend[], assumedOutput: number): string {
  const weight = (kind: Kind) =>
    backends.reduceRight(
      (others, { cluster, price }) =>
        `(${wentTo(cluster)} ? ${decimal(unitsPerToken(price, kind))} : ${others})`,
      "0.0",
    );
  return charged(weight, assumedOutput);
}

type Kind = "input" | "cached" | "output";

function unitsPerToken(price: TokenPrice, kind: Kind): number {
  const usdPerMillion = {
    input: price.inputUsdPerMillion,
    cached: price.cachedInputUsdPerMillion,
    output: price.outputUsdPerMillion,
  }[kind];
  return (usdPerMillion * unitsPerUsd) / 1_000_000;
}

/** Cluster that answered; where nobody did, the one that was asked first. */
const answeredBy = `(${present(facts.backend)} ? ${fact(facts.backend)} : xds.cluster_name)`;

/** The name of a pair of clusters begins with the first, which a plus sign ends. */
function wentTo(cluster: string): string {
  return `(${answeredBy} == '${cluster}' || ${answeredBy}.startsWith('${cluster}+'))`;
}

/** @param weight expression of what a token of this kind counts */
function charged(weight: (kind: Kind) => string, assumedOutput: number): string {
  const cached = countOf(facts.cached);
  const exact = `(${countOf(facts.input)} - ${cached}) * ${weight("input")} + ${cached} * ${weight("cached")} + ${countOf(facts.output)} * ${weight("output")}`;
  const prompt = `double(request.size) / ${decimal(estimate.bytes)} * ${weight("input")}`;
  const bytesPerToken = `(${streamed} ? ${decimal(estimate.streamedBytes)} : ${decimal(estimate.bytes)})`;
  const cut = `${prompt} + double(response.size) / ${bytesPerToken} * ${weight("output")}`;
  const unheard = `${prompt} + ${decimal(assumedOutput)} * ${weight("output")}`;
  const answered = `${present(facts.output)} || ${present(facts.input)}`;
  return guarded(
    whole(
      `(${answered} ? ${exact} : response.code == 200 ? ${cut} : response.code == 0 ? ${unheard} : 0.0)`,
    ),
  );
}

const streamed = `(${present(facts.type)} && ${fact(facts.type)}.startsWith('text/event-stream'))`;

/** A number of the expression language with a fraction; whole numbers are of another type there. */
function decimal(value: number): string {
  return value.toFixed(9).replace(/(\.\d+?)0+$/, "$1");
}
