import { readFileSync, statSync } from "node:fs";
import { catalogue } from "../../components/lib/models/catalogue.ts";
import type { ModelId } from "../../components/lib/models/shapes.ts";
import type { TargetModel } from "../../prompts/check.ts";
import { formats } from "../../prompts/formats.ts";
import { ownTemplate } from "../../prompts/own-template.ts";
import { userTemplate } from "../../prompts/template.ts";
import { UsageError } from "../support/usage.ts";
import { userPath } from "../support/user-path.ts";

/** A template is a few kilobytes, and a tokenizer_config.json seldom more than one hundred. */
const maximumBytes = 1024 * 1024;

/**
 * A model of the catalogue as prompts meet it.
 * @param template file of the user that holds the model's own template
 * @throws UsageError where the model is unknown or the file cannot be used
 */
export function targetModel(
  name: string,
  template: string | undefined,
  context?: number,
): TargetModel {
  if (!isModel(name)) {
    const known = Object.keys(catalogue).join(", ");
    throw new UsageError(`${name} is no model of the catalogue; choose one of ${known}`);
  }
  const { toolParser, shape } = catalogue[name];
  const format = formats[name];
  return {
    id: name,
    template: template === undefined ? ownTemplate(format) : readTemplate(template, name),
    contextTokens: context ?? shape.nativeContextTokens,
    callsTools: toolParser !== undefined,
  };
}

function isModel(name: string): name is ModelId {
  return Object.hasOwn(catalogue, name);
}

function readTemplate(file: string, model: ModelId) {
  const read = userTemplate(file, bytesOf(file), formats[model]);
  if ("fault" in read) throw new UsageError(`${file}: ${read.fault}`);
  return read;
}

function bytesOf(file: string): Uint8Array {
  try {
    const full = userPath(file);
    const facts = statSync(full);
    if (facts.isFile() && facts.size <= maximumBytes) return readFileSync(full);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    throw new UsageError(`${file}: cannot be read (${code}); name the file of a chat template`);
  }
  throw new UsageError(
    `${file}: is no file of at most ${maximumBytes} bytes; name the file of a chat template`,
  );
}
