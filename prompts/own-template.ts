import { readFileSync } from "node:fs";
import * as path from "node:path";
import type { Format } from "./formats.ts";
import type { ChatTemplate } from "./template.ts";

/** The template of this repository for a format. */
export function ownTemplate({
  template,
  bosToken,
  eosToken,
  defaultSystem = "",
}: Format): ChatTemplate {
  const file = path.join(import.meta.dirname, "formats", template);
  return {
    source: readFileSync(file, "utf8"),
    bosToken,
    eosToken,
    defaultSystem,
    origin: `prompts/formats/${template}, written from the published format, not the model's file`,
  };
}
