import { z } from "zod";
import { vllmContract } from "../../components/engines/contract.ts";
import {
  type CatalogueModel,
  catalogue,
  chatTemplateFiles,
} from "../../components/lib/models/catalogue.ts";
import type { ModelShape } from "../../components/lib/models/shape.ts";
import { precisionSchema } from "../../components/lib/stack/serving.ts";
import type { KnownModels } from "./chosen-model.ts";
import { type Fault, faultsOf } from "./faults.ts";
import { shapeOfHubConfig } from "./hub-config.ts";
import type { ReadFile } from "./repository-file.ts";

/** Models that a stack file adds to the catalogue. */
export interface OwnModels {
  readonly models: KnownModels;
  readonly faults: readonly Fault[];
}

/** Becomes the name of a folder of weights, as the names of the catalogue do. */
const modelName = /^[a-z0-9]+([.-][a-z0-9]+)*$/;

/** `owner/name` as the hub writes it. */
const repository = z
  .string()
  .max(200)
  .regex(
    /^[A-Za-z0-9][\w-]*(\.[\w-]+)*\/[A-Za-z0-9][\w-]*(\.[\w-]+)*$/,
    "must be owner/name, such as meta-llama/Llama-3.3-70B-Instruct",
  );

const configPath = z
  .string()
  .regex(/^[^\p{Cc}]+$/u, "must be the path of a config.json, from the repository's root");

const { toolParsers } = vllmContract;

const entrySchema = z.strictObject({
  /** The model's `config.json`, relative to the repository's root. */
  config: configPath,
  /** Where the BF16 weights are staged from. */
  repository,
  licence: z.strictObject({
    name: z.string().min(1),
    url: z.url({ protocol: /^https$/ }).exactOptional(),
    conditions: z.array(z.string().min(1)).default([]),
  }),
  /** What the model was fine-tuned from. */
  base: repository.exactOptional(),
  checkpoints: z
    .strictObject({
      fp8: repository.exactOptional(),
      int8: repository.exactOptional(),
      awq: repository.exactOptional(),
      gptq: repository.exactOptional(),
    })
    .default({}),
  chatTemplate: z.enum(chatTemplateFiles).default("tokenizer_config.json"),
  toolParser: z
    .string()
    .refine((name) => toolParsers.includes(name), {
      error: ({ input }) =>
        `${JSON.stringify(input)} is no tool-call parser of ${vllmContract.engine} ${vllmContract.version}; choose one of ${toolParsers.join(", ")}, or leave it out`,
    })
    .exactOptional(),
  /** As the model card states it, to be compared with what the shape counts. */
  parametersBillion: z.number().positive().exactOptional(),
});

type Entry = z.infer<typeof entrySchema>;

/** How far the stated number of parameters may be from the counted one. */
const tolerance = 0.03;

/**
 * The models under `catalogue` of a stack file, as rows that nothing tells from those of the product.
 * @param declared value of the key; absent or empty where a stack adds none
 */
export function ownModels(declared: unknown, readFile: ReadFile): OwnModels {
  const entries = z.record(z.string(), z.unknown()).safeParse(declared ?? {});
  if (!entries.success) {
    const message = "must be an object: name of the model to its config, repository and licence";
    return { models: {}, faults: [{ path: ["catalogue"], message }] };
  }
  const read = Object.entries(entries.data).map(([name, entry]) => {
    const { model, faults } = ownModel(name, entry, readFile);
    return {
      name,
      model,
      faults: faults.map((fault) => within(["catalogue", label(name)], fault)),
    };
  });
  return {
    // A name of the product's own stays the product's.
    models: Object.fromEntries(
      read.filter(({ name }) => !isTaken(name)).map(({ name, model }) => [name, model]),
    ),
    faults: read.flatMap(({ faults }) => faults),
  };
}

interface Read<T> {
  readonly model: T | undefined;
  readonly faults: readonly Fault[];
}

function ownModel(name: string, declared: unknown, readFile: ReadFile): Read<CatalogueModel> {
  const parsed = entrySchema.safeParse(declared);
  const own = [...nameFaults(name), ...(parsed.success ? [] : faultsOf(parsed.error, declared))];
  const file = z.object({ config: configPath }).safeParse(declared);
  if (!file.success) return { model: undefined, faults: own };
  const { model: shape, faults } = readShape(file.data.config, readFile);
  const all = [
    ...own,
    ...faults.map((fault) => within(["config"], fault)),
    ...(parsed.success && shape !== undefined ? countFaults(parsed.data, shape) : []),
  ];
  if (!parsed.success || shape === undefined || all.length > 0) {
    return { model: undefined, faults: all };
  }
  return { model: modelOf(parsed.data, shape), faults: [] };
}

function modelOf(entry: Entry, shape: ModelShape): CatalogueModel {
  const { repository: name, checkpoints, chatTemplate, licence } = entry;
  return {
    shape,
    repository: name,
    checkpoints,
    licence: { ...licence, url: licence.url },
    chatTemplate,
    toolParser: entry.toolParser,
    base: entry.base,
    scores: [],
  };
}

/** A name that is none may hold line breaks and the like, which would make up lines of the message. */
function label(name: string): string {
  return modelName.test(name) ? name : JSON.stringify(name.slice(0, 80));
}

function nameFaults(name: string): Fault[] {
  if (isTaken(name)) {
    return [{ path: [], message: "is a row of the catalogue already; choose another name" }];
  }
  const precision = precisionSchema.options.find((each) => name.endsWith(`-${each}`));
  if (precision !== undefined) {
    const message = `ends in -${precision}, as the folder of a model in that precision does; choose another name and list the checkpoint under checkpoints`;
    return [{ path: [], message }];
  }
  if (name.length <= 63 && modelName.test(name)) return [];
  const message =
    "is no name for a model: lower-case letters and digits, with single dots and hyphens between, at most 63";
  return [{ path: [], message }];
}

function isTaken(name: string): boolean {
  return Object.hasOwn(catalogue, name);
}

/** Faults name the file and the field in it. */
function readShape(file: string, readFile: ReadFile): Read<ModelShape> {
  const failed = (messages: readonly string[]) => ({
    model: undefined,
    faults: messages.map((message) => ({ path: [], message: `${file}: ${message}` })),
  });
  const content = readFile(file);
  if ("fault" in content) return failed([content.fault]);
  const config = parseJson(content.text);
  if (config === undefined) return failed(["is not JSON; name the model's config.json"]);
  const read = shapeOfHubConfig(config);
  if ("shape" in read) return { model: read.shape, faults: [] };
  const faults = read.error instanceof z.ZodError ? faultsOf(read.error, config) : read.error;
  return failed(
    faults.map(({ path, message }) =>
      path.length === 0 ? message : `${path.map(String).join(".")}: ${message}`,
    ),
  );
}

/** The parser's own message is left out: it shows the beginning of a file that may be anything. */
function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

function countFaults({ parametersBillion: stated }: Entry, shape: ModelShape): Fault[] {
  const counted = shape.parametersBillion;
  if (stated === undefined || Math.abs(stated - counted) <= tolerance * counted) return [];
  const message = `${stated} is not what config.json counts, ${counted.toFixed(2)}; correct it, or find out which model the file belongs to`;
  return [{ path: ["parametersBillion"], message }];
}

function within(path: readonly PropertyKey[], fault: Fault): Fault {
  return { path: [...path, ...fault.path], message: fault.message };
}
