import { compareText } from "../components/lib/compare-text.ts";
import { registryPath } from "../components/lib/images.ts";
import { registrySchema } from "../components/lib/stack/registry.ts";
import { graphOf } from "../policies/model/graph.ts";
import type { Graph } from "../policies/model/rule.ts";
import type { Settings } from "../policies/model/settings.ts";
import { evaluate } from "../policies/runner.ts";
import { strictSettings } from "../policies/settings/strict-settings.ts";
import { readManifests } from "./manifests/read.ts";
import type { StackReport } from "./report/stack-report.ts";

/** Files that could not be read as Kubernetes objects; nothing can be said of the whole then. */
export class ManifestError extends Error {
  override readonly name = "ManifestError";
}

/** What no stack file tells where there is none. */
export interface ManifestSettings {
  /** Host and optional prefix of the private registry. @default - none; public registries are refused */
  readonly registry?: string | undefined;
  /** @default - every namespace counts as one of inference */
  readonly namespaces?: readonly string[] | undefined;
}

/**
 * Runs the Kubernetes policies over YAML or JSON of any origin.
 * @param start folder or file
 * @param shown the same as the user wrote it
 * @throws ManifestError listing every file and line that could not be read
 */
export async function checkManifests(
  start: string,
  shown: string,
  given: ManifestSettings,
): Promise<StackReport> {
  const began = performance.now();
  const { resources, problems, skipped } = await readManifests(start);
  if (problems.length > 0) {
    const lines = problems.map(({ file, line, reason }) => `  ${file}:${line}: ${reason}`);
    throw new ManifestError(`${shown}: cannot be read as a whole\n${lines.join("\n")}`);
  }
  if (resources.length === 0) {
    throw new ManifestError(
      `${shown}: holds no Kubernetes object; name a folder or file that does`,
    );
  }
  const graph = graphOf(resources);
  refuseAbsentNamespaces(graph, given.namespaces ?? []);
  const { findings, run, defined } = evaluate(graph, settingsOf(given));
  return {
    name: shown,
    project: "",
    file: shown,
    kind: "manifests",
    resources: resources.map((resource) => ({ ...resource, secrets: [], custom: true })),
    findings,
    // Nobody answers for manifests, so nothing is excepted in them.
    excepted: [],
    unusedExceptions: [],
    undecided: [],
    skipped,
    rules: { run, defined },
    exampleDigests: [],
    milliseconds: performance.now() - began,
  };
}

/** A misspelt namespace would leave the one that is meant unjudged. */
function refuseAbsentNamespaces(graph: Graph, named: readonly string[]): void {
  const present = new Set(
    graph.objects.flatMap(({ kind, apiVersion, name, namespace }) =>
      kind === "Namespace" && apiVersion === "v1" ? [name] : [namespace],
    ),
  );
  const absent = named.filter((name) => !present.has(name));
  if (absent.length === 0) return;
  const known = [...present].filter((name) => typeof name === "string").toSorted(compareText);
  throw new ManifestError(
    `--inference-namespace ${absent.join(", ")}: no object is in it; the objects are in ${known.join(", ") || "none"}`,
  );
}

function settingsOf({ registry, namespaces }: ManifestSettings): Settings {
  return {
    ...strictSettings,
    ...(registry === undefined ? {} : { registry: privateRegistry(registry) }),
    ...(namespaces === undefined ? {} : { inferenceNamespaces: new Set(namespaces) }),
  };
}

function privateRegistry(given: string): string {
  const [host = "", ...folders] = given.split("/");
  const parsed = registrySchema.safeParse(
    folders.length === 0 ? { host } : { host, prefix: folders.join("/") },
  );
  if (parsed.success) return registryPath(parsed.data);
  const reasons = parsed.error.issues.map((issue) => issue.message).join("; ");
  throw new ManifestError(`--registry ${given}: ${reasons}; write it as HOST or HOST/PREFIX`);
}
