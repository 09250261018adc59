import { anyOf, list, text } from "./cel.ts";

/** One condition that the API server demands of a request. */
export interface AdmissionCheck {
  /** Id of the rule that it stands for, such as "W04". */
  readonly rule: string;
  /** CEL that is true where the rule holds. Whatever it cannot read is an error, and so a refusal. */
  readonly holds: string;
  /** Continues the sentence that the name of the object begins. */
  readonly problem: string;
  readonly remedy: string;
  /** CEL of type string: the parts at fault, such as names of containers. @default - the object alone */
  readonly parts?: string;
}

/** A condition that each element of a list must meet; the message names those that do not. */
export function eachHolds(
  rule: string,
  each: { readonly of: string; readonly as: string; readonly noun: string },
  holds: string,
  problem: string,
  remedy: string,
): AdmissionCheck {
  const { of, as, noun } = each;
  const names = `${of}.filter(${as}, !(${holds})).map(${as}, ${as}.name).join(", ")`;
  return {
    rule,
    holds: `${of}.all(${as}, ${holds})`,
    problem,
    remedy,
    parts: `${text(`${noun} `)} + ${names}`,
  };
}

/** Containers of every list of the pod. */
export const eachContainer = { of: "variables.containers", as: "c", noun: "container" } as const;

export const eachVolume = { of: "variables.volumes", as: "v", noun: "volume" } as const;

/** Containers that are, or may be, inference engines. */
export const eachEngine = { of: "variables.engines", as: "e", noun: "container" } as const;

/** What is said where the message with names cannot be made; without line breaks, as the API demands. */
export function staticMessage({ rule, problem, remedy }: AdmissionCheck): string {
  return `${rule}: ${problem}. Remedy: ${remedy}`;
}

/**
 * CEL of the message that names the object. No value of the object appears in it: it could be a secret.
 * @param subject CEL that names the object
 */
export function messageExpression(
  { rule, problem, remedy, parts }: AdmissionCheck,
  subject: string,
): string {
  const place = parts === undefined ? subject : `${subject} + ": " + ${parts}`;
  return `${text(`${rule}: `)} + ${place} + ${text(` ${problem}. Remedy: ${remedy}`)}`;
}

/** No key of a map of labels or annotations that hands traffic to a mesh; `map` is CEL. */
export function meshFree(
  map: string,
  has: string,
  keys: Readonly<Record<string, readonly string[]>>,
): AdmissionCheck {
  const steering = Object.entries(keys).map(([key, harmless]) =>
    harmless.length === 0
      ? `k == ${text(key)}`
      : `k == ${text(key)} && !(${map}[k] in ${list(harmless)})`,
  );
  return {
    rule: "E19",
    holds: `!${map}.exists(k, ${anyOf(steering)})`,
    problem: `${has} that makes a service mesh carry its traffic past the network policies`,
    remedy: "remove it; no mesh belongs in an inference namespace",
  };
}
