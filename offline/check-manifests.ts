import { graphOf } from "../policies/model/graph.ts";
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
  const { findings, run, defined } = evaluate(graphOf(resources), settingsOf(given));
  return {
    name: shown,
    project: "",
    file: shown,
    kind: "manifests",
    resources: resources.map((resource) => ({ ...resource, secrets: [], custom: true })),
    findings,
    undecided: [],
    skipped,
    rules: { run, defined },
    exampleDigests: [],
    milliseconds: performance.now() - began,
  };
}

function settingsOf({ registry, namespaces }: ManifestSettings): Settings {
  return {
    ...strictSettings,
    ...(registry === undefined ? {} : { registry }),
    ...(namespaces === undefined ? {} : { inferenceNamespaces: new Set(namespaces) }),
  };
}
