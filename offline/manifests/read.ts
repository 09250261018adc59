import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { typeOf } from "../../policies/model/graph.ts";
import { kubeObject } from "../../policies/model/kube-object.ts";
import { defaultOptions, type Resource } from "../../policies/model/resource.ts";
import { isObject, unknown, type Value } from "../../policies/model/value.ts";
import { parseObjects } from "./documents.ts";
import { manifestFiles } from "./files.ts";

/** Something in the folder that could not be read as Kubernetes objects; the result is then no clean one. */
export interface ManifestProblem {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly reason: string;
}

/** A file that is known to hold no objects of its own. */
export interface SkippedFile {
  readonly file: string;
  readonly reason: string;
}

export interface Manifests {
  readonly resources: readonly Resource[];
  readonly problems: readonly ManifestProblem[];
  readonly skipped: readonly SkippedFile[];
}

/** Longer files are not read: an object of the API server has at most 1.5 MiB. */
const maxFileBytes = 64 * 1024 * 1024;

const kustomizeInput = "input of kustomize; check what `kustomize build` writes";

/** Files that tools keep beside manifests, by name. One that states apiVersion and kind is read all the same. */
const toolFiles: readonly { readonly name: RegExp; readonly reason: string }[] = [
  {
    name: /^kustomization\.ya?ml$/i,
    reason: "input of kustomize; check what `kustomize build` writes",
  },
  {
    name: /^Chart\.ya?ml$/,
    reason: "description of a Helm chart; check what `helm template` writes",
  },
  {
    name: /^values[\w.-]*\.(?:ya?ml|json)$/,
    reason: "values of a Helm chart; check what `helm template` writes",
  },
  {
    name: /^Pulumi(?:\.[\w-]+)?\.ya?ml$/,
    reason: "project or stack of Pulumi; check the stack by its name",
  },
  { name: /^(?:package|package-lock|tsconfig|renovate)\.json$/, reason: "configuration of a tool" },
];

/** Reads every Kubernetes object below a folder, or in one file; nothing is passed over in silence. */
export async function readManifests(start: string): Promise<Manifests> {
  const { files, unreadable } = await manifestFiles(start);
  const read = await Promise.all(files.map(readFileObjects));
  return {
    resources: withDistinctUrns(read.flatMap((each) => each.resources)),
    problems: [
      ...unreadable.map((each) => ({ ...each, line: 1 })),
      ...read.flatMap((each) => each.problems),
    ].toSorted((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1)),
    skipped: read.flatMap((each) => each.skipped),
  };
}

async function readFileObjects(file: string): Promise<Manifests> {
  const text = await textOf(file);
  if (typeof text !== "string") {
    return { resources: [], problems: [{ file, line: 1, reason: text.reason }], skipped: [] };
  }
  const parsed = parseObjects(text);
  const objects = parsed.objects.map(({ value, line }) => toResource(value, file, line));
  const resources = objects.filter((each) => "urn" in each);
  const skip = skipReason(file, objects);
  if (skip !== undefined && parsed.problems.length === 0 && resources.length === 0) {
    return { resources, problems: [], skipped: [{ file, reason: skip }] };
  }
  const problems = parsed.problems.map(({ line, reason }) => ({
    file,
    line,
    reason: explain(reason, text),
  }));
  return {
    resources,
    problems: [...problems, ...objects.filter((each) => "reason" in each)],
    skipped: [],
  };
}

/** Why a file without objects is no fault: a tool's file by its name, or a list of inputs by its kind. */
function skipReason(file: string, objects: readonly (Resource | Foreign)[]): string | undefined {
  const known = toolFiles.find(({ name }) => name.test(path.basename(file)));
  if (known !== undefined) return known.reason;
  const foreign = objects.filter((each) => "reason" in each);
  return foreign.length > 0 && foreign.every((each) => each.isInput) ? kustomizeInput : undefined;
}

async function textOf(file: string): Promise<string | { readonly reason: string }> {
  try {
    const { size } = await stat(file);
    if (size > maxFileBytes)
      return { reason: `is ${size} bytes long; the limit is ${maxFileBytes}` };
    return new TextDecoder("utf-8", { fatal: true }).decode(await readFile(file));
  } catch (error) {
    const reason = error instanceof TypeError ? "is not UTF-8 text" : String(error);
    return { reason };
  }
}

/** A template is the commonest reason why a manifest is no YAML, and the least obvious one. */
function explain(reason: string, text: string): string {
  if (!text.includes("{{")) return reason;
  return `${reason} (the file holds "{{": render the Helm chart first, with \`helm template\`)`;
}

/** Something in a file that is no Kubernetes object. */
interface Foreign extends ManifestProblem {
  /** Whether it only says what another tool reads. */
  readonly isInput: boolean;
}

function toResource(value: unknown, file: string, line: number): Resource | Foreign {
  const body = toValue(value);
  const type = typeOf(body);
  if (!isObject(body) || type === undefined) {
    const reason =
      "has no apiVersion and kind, so it is no Kubernetes object; move it out of the folder";
    return { file, line, reason, isInput: false };
  }
  if (type.startsWith("kubernetes:kustomize.config.k8s.io/")) {
    return { file, line, reason: kustomizeInput, isInput: true };
  }
  const draft: Resource = {
    urn: "",
    type,
    name: `${path.basename(file)}:${line}`,
    properties: body,
    dependencies: [],
    options: defaultOptions,
    source: { file, line },
  };
  return { ...draft, ...identity(draft) };
}

function identity(draft: Resource): Pick<Resource, "urn" | "name"> {
  const object = kubeObject(draft);
  const name = typeof object?.name === "string" ? object.name : draft.name;
  const namespace = typeof object?.namespace === "string" ? `${object.namespace}/` : "";
  return { urn: `urn:manifest:::${draft.type}::${namespace}${name}`, name };
}

/** Two files may hold an object of the same name; both are checked, and each has its own URN. */
function withDistinctUrns(resources: readonly Resource[]): readonly Resource[] {
  const seen = new Map<string, number>();
  return resources.map((resource) => {
    const count = (seen.get(resource.urn) ?? 0) + 1;
    seen.set(resource.urn, count);
    return count === 1 ? resource : { ...resource, urn: `${resource.urn}#${count}` };
  });
}

/** Plain data as rules read it; what JSON could not hold, such as binary data, reads as unknown. */
function toValue(value: unknown): Value {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : unknown;
  if (Array.isArray(value)) return value.map(toValue);
  if (typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype)
    return unknown;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, toValue(field)]));
}
