import { type Desired, desiredSchema } from "../components/lib/migration/desired.ts";
import { type Read, readJson } from "./read-json.ts";
import { isOpen, sharesFault } from "./shares.ts";

/** Desired routes from their object; whatever could send a request astray is a fault. */
export function readDesired(text: string | undefined): Read<Desired> {
  const read = readJson(text, desiredSchema);
  if (!read.ok) return read;
  const fault = desiredFault(read.value);
  return fault === undefined ? read : { ok: false, fault };
}

function desiredFault({ classes }: Desired): string | undefined {
  for (const [index, one] of classes.entries()) {
    if (classes.findIndex(({ name }) => name === one.name) !== index) {
      return `class ${one.name} is there twice`;
    }
    if (!isOpen(one) && one.backends.some(({ kind }) => kind !== "local")) {
      return `class ${one.name} is ${one.dataClass} and names a backend outside`;
    }
    for (const [phase, weights] of Object.entries(one.phases)) {
      const fault = sharesFault(one, weights);
      if (fault !== undefined) return `class ${one.name}, phase ${phase}: ${fault}`;
    }
  }
  return undefined;
}
