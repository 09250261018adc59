import { randomInt } from "node:crypto";
import { z } from "zod";
import type { RecordedResource } from "../../offline/recorder.ts";
import { DeployError } from "../errors.ts";

const count = z.int().nonnegative();

/** Inputs of RandomPassword, with the defaults of its provider. */
const specSchema = z
  .strictObject({
    length: z.int().min(1).max(4096),
    lower: z.boolean().default(true),
    upper: z.boolean().default(true),
    numeric: z.boolean().default(true),
    number: z.boolean().optional(),
    special: z.boolean().default(true),
    minLower: count.default(0),
    minUpper: count.default(0),
    minNumeric: count.default(0),
    minSpecial: count.default(0),
    overrideSpecial: z.string().default("!@#$%&*()-_=+[]{}<>:?"),
    keepers: z.record(z.string(), z.unknown()).optional(),
  })
  .readonly();

export type RandomSpec = z.infer<typeof specSchema>;

export const randomPasswordType = "random:index/randomPassword:RandomPassword";

/** The random values of a stack by resource name. @throws DeployError naming every input that is not understood */
export function randomSpecs(
  resources: readonly RecordedResource[],
): ReadonlyMap<string, RandomSpec> {
  const specs = new Map<string, RandomSpec>();
  const faults: string[] = [];
  for (const { type, name, urn, properties } of resources) {
    if (type !== randomPasswordType) continue;
    const parsed = specSchema.safeParse(properties);
    if (!parsed.success) faults.push(`${urn}: ${z.prettifyError(parsed.error)}`);
    else if (specs.has(name)) faults.push(`${urn}: another random value is named ${name} too`);
    else specs.set(name, parsed.data);
  }
  if (faults.length > 0) {
    throw new DeployError(
      `random values that cannot be made here; deploy this stack with the Pulumi CLI\n${faults.join("\n")}`,
    );
  }
  return specs;
}

interface CharacterClass {
  readonly characters: readonly string[];
  readonly minimum: number;
}

function classesOf(spec: RandomSpec): CharacterClass[] {
  const letters = "abcdefghijklmnopqrstuvwxyz";
  return [
    { used: spec.lower, text: letters, minimum: spec.minLower },
    { used: spec.upper, text: letters.toUpperCase(), minimum: spec.minUpper },
    { used: spec.number ?? spec.numeric, text: "0123456789", minimum: spec.minNumeric },
    { used: spec.special, text: spec.overrideSpecial, minimum: spec.minSpecial },
  ]
    .filter(({ used, text }) => used && text !== "")
    .map(({ text, minimum }) => ({ characters: Array.from(text), minimum }));
}

/**
 * A new value from the platform's secure generator. `randomInt` rejects what would favour some
 * characters, so that each is as likely as any other.
 */
export function generate(name: string, spec: RandomSpec): string {
  const classes = classesOf(spec);
  const all = classes.flatMap(({ characters }) => characters);
  const demanded = classes.flatMap(({ characters, minimum }) =>
    Array.from({ length: minimum }, () => pick(characters)),
  );
  if (all.length === 0 || demanded.length > spec.length) {
    throw new DeployError(
      `random value ${name}: ${
        all.length === 0
          ? "allows no character at all"
          : `${demanded.length} characters are demanded of ${spec.length}`
      }; correct its arguments in the program`,
    );
  }
  const free = Array.from({ length: spec.length - demanded.length }, () => pick(all));
  return shuffled([...demanded, ...free]).join("");
}

function pick(characters: readonly string[]): string {
  return characters[randomInt(characters.length)] ?? "";
}

/** Fisher-Yates, so that demanded characters do not sit in front. */
function shuffled(characters: readonly string[]): string[] {
  const result = [...characters];
  for (let last = result.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [result[last], result[other]] = [result[other] ?? "", result[last] ?? ""];
  }
  return result;
}
