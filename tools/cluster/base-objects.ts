import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "yaml";
import { z } from "zod";
import type { Api } from "./control-plane/api.ts";
import { moduleFolder } from "./module-files.ts";

interface ObjectSource {
  readonly kind: "CustomResourceDefinition" | "StorageClass";
  readonly name: string;
  /** Folder below `tools/cluster` whose go.mod pins the module's version. */
  readonly pin: "runtime" | "manifests";
  readonly module: string;
  readonly file: string;
}

function monitoring(plural: string): ObjectSource {
  return {
    kind: "CustomResourceDefinition",
    name: `${plural}.monitoring.coreos.com`,
    pin: "manifests",
    module: "github.com/prometheus-operator/prometheus-operator",
    file: `example/prometheus-operator-crd/monitoring.coreos.com_${plural}.yaml`,
  };
}

/** What a new cluster gets besides Kubernetes itself, as the projects that own it define it. */
export const baseObjects: readonly ObjectSource[] = [
  monitoring("podmonitors"),
  monitoring("servicemonitors"),
  monitoring("prometheusrules"),
  {
    kind: "StorageClass",
    name: "kwok-volume",
    pin: "runtime",
    module: "sigs.k8s.io/kwok",
    file: "kustomize/stage/volume/fast/storage-class.yaml",
  },
];

const timeout = 30_000;

const collections = {
  CustomResourceDefinition: "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
  StorageClass: "/apis/storage.k8s.io/v1/storageclasses",
} as const satisfies Record<ObjectSource["kind"], string>;

const conditionsSchema = z.object({
  status: z.object({
    conditions: z.array(z.object({ type: z.string(), status: z.string() })).nullish(),
  }),
});

/** Names of the objects that are not there yet, or not served yet. */
export async function missingObjects(api: Api): Promise<readonly string[]> {
  const present = await Promise.all(baseObjects.map((source) => isPresent(api, source)));
  return baseObjects.filter((_, i) => present[i] !== true).map(({ name }) => name);
}

/** Applies every object and waits until the API server serves them. */
export async function installObjects(api: Api, env: NodeJS.ProcessEnv): Promise<void> {
  for (const source of baseObjects) await apply(api, source, env);
  for (const limit = Date.now() + timeout; ; await sleep(100)) {
    const missing = await missingObjects(api);
    if (missing.length === 0) return;
    if (Date.now() > limit) {
      throw new Error(
        `${missing.join(", ")}: not served after ${timeout / 1000} s; see their conditions with kubectl`,
      );
    }
  }
}

async function apply(api: Api, source: ObjectSource, env: NodeJS.ProcessEnv): Promise<void> {
  const folder = await moduleFolder(source.pin, source.module, env);
  const object: unknown = parse(await readFile(join(folder, source.file), "utf8"));
  const { status, body } = await api(
    `${pathOf(source)}?fieldManager=private-llm-local-cluster&force=true`,
    { method: "PATCH", contentType: "application/apply-patch+yaml", body: JSON.stringify(object) },
  );
  if (status >= 300) {
    throw new Error(
      `${source.kind} ${source.name} from ${source.module}: refused, HTTP ${status}: ${body}`,
    );
  }
}

async function isPresent(api: Api, source: ObjectSource): Promise<boolean> {
  const { status, body } = await api(pathOf(source));
  if (status === 404) return false;
  if (status !== 200) {
    throw new Error(`${source.kind} ${source.name}: cannot be read, HTTP ${status}: ${body}`);
  }
  return source.kind !== "CustomResourceDefinition" || isEstablished(body);
}

function isEstablished(body: string): boolean {
  // Null for a moment after the definition is made.
  const conditions = conditionsSchema.parse(JSON.parse(body)).status.conditions ?? [];
  return conditions.some(({ type, status }) => type === "Established" && status === "True");
}

function pathOf({ kind, name }: ObjectSource): string {
  return `${collections[kind]}/${name}`;
}
