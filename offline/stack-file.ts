import { readFile } from "node:fs/promises";
import * as path from "node:path";
import { isMap, isScalar, parseDocument } from "yaml";
import { z } from "zod";
import { unknownSentinel } from "./wire.ts";

/** A stack as the engine would hand it to the program, with what cannot be known offline. */
export interface StackFile {
  readonly project: string;
  readonly stack: string;
  /** Path relative to the repository, for reports. */
  readonly file: string;
  /** Full key to the plain value in the file. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Full key to text, as the engine hands it over; an encrypted value is the mark of an unknown. */
  readonly config: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
  /** Encrypted values inside plain ones, and other things that only the engine can read. */
  readonly undecidable: readonly string[];
}

/** A stack or project file that cannot be used. */
export class StackFileError extends Error {
  override readonly name = "StackFileError";
}

const projectSchema = z.object({
  name: z.string(),
  stackConfigDir: z.string().default("."),
  config: z
    .record(
      z.string(),
      z.object({
        type: z.string(),
        default: z.unknown().optional(),
        value: z.unknown().optional(),
      }),
    )
    .default({}),
});

type Project = z.infer<typeof projectSchema>;

/** Reads `Pulumi.yaml` of a repository. */
export async function readProject(root: string): Promise<Project> {
  const file = path.join(root, "Pulumi.yaml");
  const parsed = projectSchema.safeParse(
    parseYaml(await readText(file, "Pulumi.yaml"), "Pulumi.yaml"),
  );
  if (!parsed.success) throw new StackFileError(`Pulumi.yaml: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/**
 * Reads one stack file and applies the defaults of `Pulumi.yaml`, as the engine does before it starts
 * the program.
 * @throws StackFileError naming the file, the reason and the remedy
 */
export async function readStackFile(root: string, stack: string): Promise<StackFile> {
  const project = await readProject(root);
  const file = path.join(project.stackConfigDir, `Pulumi.${stack}.yaml`);
  const document = parseYaml(await readText(path.join(root, file), file), file);
  if (!isRecord(document)) {
    throw new StackFileError(`${file}: holds no mapping; a stack file starts with "config:"`);
  }
  const given = document["config"] ?? {};
  if (!isRecord(given)) {
    throw new StackFileError(`${file}: config is not a mapping of keys to values`);
  }
  const values = new Map(
    Object.entries(given).map(([key, value]) => [fullKey(key, project.name), value]),
  );
  const faults = [...bareKeys(given, project.name), ...applyProject(project, values)];
  if (faults.length > 0)
    throw new StackFileError(`${file}:\n${faults.map((one) => `  ${one}`).join("\n")}`);
  return {
    project: project.name,
    stack,
    file,
    values: Object.fromEntries(values),
    ...encode(values, document["environment"], declaredKeys(project)),
  };
}

/** Defaults and types of `Pulumi.yaml`; what the engine would refuse is refused here. */
function applyProject(project: Project, values: Map<string, unknown>): string[] {
  const faults: string[] = [];
  for (const [name, declared] of Object.entries(project.config)) {
    const key = fullKey(name, project.name);
    const value = values.get(key) ?? declared.value ?? declared.default;
    if (value === undefined || value === null) {
      faults.push(`${key}: missing; Pulumi.yaml requires a value of type ${declared.type}`);
      continue;
    }
    values.set(key, value);
    if (isEncrypted(value) || hasType(value, declared.type)) continue;
    faults.push(`${key}: ${JSON.stringify(value)} is not of type ${declared.type}`);
  }
  return faults;
}

function declaredKeys(project: Project): ReadonlySet<string> {
  return new Set(Object.keys(project.config).map((name) => fullKey(name, project.name)));
}

/** @param plain keys whose values the program reads as plain data, so that an unknown one stops it */
function encode(
  values: ReadonlyMap<string, unknown>,
  environment: unknown,
  plain: ReadonlySet<string>,
) {
  const config: Record<string, string> = {};
  const secretKeys: string[] = [];
  const undecidable: string[] = [];
  for (const [key, value] of values) {
    if (isEncrypted(value)) {
      config[key] = unknownSentinel;
      secretKeys.push(key);
      if (plain.has(key)) undecidable.push(hiddenShape(key));
      continue;
    }
    config[key] = typeof value === "string" ? value : JSON.stringify(value);
    undecidable.push(...encryptedPaths(value, key).map(hiddenShape));
  }
  if (environment !== undefined) {
    undecidable.push("environment: imported values are known to the engine only");
  }
  return { config, secretKeys, undecidable };
}

function hiddenShape(key: string): string {
  return `${key} is encrypted, and what it holds decides the shape of the stack; write it in plain text, or preview with the engine`;
}

/** `secure:` is how the engine writes an encrypted value. */
function isEncrypted(value: unknown): boolean {
  return isRecord(value) && typeof value["secure"] === "string" && Object.keys(value).length === 1;
}

function encryptedPaths(value: unknown, at: string): string[] {
  if (isEncrypted(value)) return [at];
  if (Array.isArray(value))
    return value.flatMap((item, index) => encryptedPaths(item, `${at}[${index}]`));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => encryptedPaths(item, `${at}.${key}`));
}

function hasType(value: unknown, type: string): boolean {
  switch (type) {
    case "string":
      // The engine turns a number or boolean of a stack file into text.
      return typeof value !== "object";
    case "integer":
      return Number.isInteger(value);
    case "boolean":
      return typeof value === "boolean";
    case "array":
      return Array.isArray(value);
    case "object":
      return isRecord(value);
    default:
      return false;
  }
}

/** The engine takes no key without a namespace from a stack file. */
function bareKeys(given: Readonly<Record<string, unknown>>, project: string): string[] {
  return Object.keys(given)
    .filter((key) => !key.includes(":"))
    .map((key) => `${key}: has no namespace; write ${project}:${key}`);
}

/** `Pulumi.yaml` leaves the project's own namespace out; `project:config:key` is an older spelling. */
function fullKey(key: string, project: string): string {
  if (!key.includes(":")) return `${project}:${key}`;
  return key.replace(/^([^:]+):config:/, "$1:");
}

function parseYaml(text: string, file: string): unknown {
  const document = parseDocument(text, { uniqueKeys: true });
  const error = document.errors[0];
  if (error !== undefined) {
    throw new StackFileError(`${file}: is not YAML: ${error.message.split("\n")[0] ?? ""}`);
  }
  if (document.contents !== null && !isMap(document.contents) && !isScalar(document.contents)) {
    throw new StackFileError(`${file}: holds a list; a mapping was expected`);
  }
  return document.toJS();
}

async function readText(file: string, shown: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new StackFileError(
      `${shown}: cannot be read (${reason}); name a stack whose file exists`,
    );
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
