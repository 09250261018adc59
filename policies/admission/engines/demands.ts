import { allOf, text } from "../cel.ts";
import { type AdmissionCheck, eachEngine, eachHolds } from "../check.ts";

/** CEL: whether `e` is the engine whose tables are complete. */
export const isVllm = 'e.kind == "vllm"';

export function engine(
  rule: string,
  holds: string,
  problem: string,
  remedy: string,
): AdmissionCheck {
  return eachHolds(rule, eachEngine, holds, problem, remedy);
}

/** CEL: a variable stands in the object, and each of its entries has the value. */
export function isSet(name: string, value: string): string {
  const own = `v.name == ${text(name)}`;
  const right = `!has(v.valueFrom) && v.?value.orValue("") == ${text(value)}`;
  return `(e.env.exists(v, ${own}) && e.env.all(v, !(${own}) || ${right}))`;
}

/** Neither by an entry nor by a whole ConfigMap, nor by the command itself. */
export function isUnset(name: string): string {
  return allOf([
    `e.env.all(v, v.name != ${text(name)})`,
    `e.envFrom.all(f, f.?prefix.orValue("") != "" && !${text(name)}.startsWith(f.prefix))`,
    `!e.line.contains(${text(name)})`,
  ]);
}
