import * as path from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { at, isObject, unknown, type Value } from "../../policies/model/value.ts";
import type { RecordedResource } from "../recorder.ts";
import { type RenderCache, renderingKey } from "./cache.ts";
import { showChart, template } from "./helm.ts";
import { type ChartRequest, locateChart } from "./locate.ts";
import { type ChartObjects, chartChildren, type Hook, objectsOf } from "./objects.ts";

export const chartType = "kubernetes:helm.sh/v4:Chart";

export interface ExpandOptions {
  /** Folder with charts; `undefined`: none given. */
  readonly directory: string | undefined;
  readonly kubernetesVersion: string;
  /** Path of the Helm binary; asked for only when a rendering is not cached. */
  readonly helm: () => Promise<string>;
  readonly cache: RenderCache;
}

/** A chart whose objects nobody has seen; nothing can be said of them. */
export interface UndecidedChart {
  readonly urn: string;
  readonly chart: string;
  readonly reason: string;
}

export interface Expansion {
  readonly resources: readonly RecordedResource[];
  readonly undecided: readonly UndecidedChart[];
  /** Charts as they were read, for the bill of materials. */
  readonly charts: readonly ExpandedChart[];
  /** What Helm would make and the provider does not, so that nothing may rely on it. */
  readonly hooks: readonly ChartHook[];
}

export interface ChartHook extends Hook {
  /** Name and version. */
  readonly chart: string;
}

export interface ExpandedChart {
  readonly name: string;
  readonly version: string;
}

/** Puts each chart's objects behind it, as the Kubernetes provider does at preview. */
export async function expandCharts(
  resources: readonly RecordedResource[],
  options: ExpandOptions,
): Promise<Expansion> {
  const expanded: RecordedResource[] = [];
  const undecided: UndecidedChart[] = [];
  const charts: ExpandedChart[] = [];
  const hooks: ChartHook[] = [];
  for (const resource of resources) {
    expanded.push(resource);
    if (resource.type !== chartType) continue;
    const inputs = readInputs(resource);
    // The provider registers no children either; the rule on opaque sources refuses such a chart.
    if (inputs === undefined) continue;
    try {
      const made = await expandChart(resource, inputs, options);
      expanded.push(...made.children);
      charts.push(made.chart);
      hooks.push(...made.hooks.map((hook) => ({ chart: label(inputs), ...hook })));
    } catch (error) {
      // Whatever goes wrong with a chart, nothing is known of its objects.
      undecided.push({ urn: resource.urn, chart: label(inputs), reason: reason(error) });
    }
  }
  return { resources: expanded, undecided, charts, hooks };
}

interface ChartInputs extends ChartRequest {
  readonly release: string;
  readonly namespace: string;
  readonly values: Value;
  readonly skipCrds: boolean;
}

/** `undefined` where an input is unknown. */
function readInputs(resource: RecordedResource): ChartInputs | undefined {
  const { properties } = resource;
  if (containsUnknown(properties)) return undefined;
  const text = (name: string) => {
    const value = at(properties, name);
    return typeof value === "string" ? value : undefined;
  };
  const chart = text("chart") ?? "";
  return {
    name: path.posix.basename(chart),
    version: text("version"),
    directory: path.isAbsolute(chart) ? chart : undefined,
    release: text("name") ?? resource.name,
    namespace: text("namespace") ?? "default",
    values: at(properties, "values") ?? {},
    skipCrds: at(properties, "skipCrds") === true,
  };
}

async function expandChart(
  resource: RecordedResource,
  inputs: ChartInputs,
  options: ExpandOptions,
): Promise<{ children: RecordedResource[]; chart: ExpandedChart; hooks: readonly Hook[] }> {
  const located = await locateChart(inputs, options.directory);
  if (!located.found) throw new Error(located.reason);
  const key = await renderingKey(located.path, [
    JSON.stringify(inputs),
    options.kubernetesVersion,
    String(cacheFormat),
  ]);
  // A rendering may carry what went into it; secrets stay out of the cache.
  const cacheable = resource.secrets.length === 0;
  const known = cacheable ? readCached(await options.cache.get(key)) : undefined;
  const rendered = known ?? (await render(located.path, inputs, options));
  if (known === undefined && cacheable) await options.cache.set(key, rendered);
  return {
    children: chartChildren(resource, inputs.namespace, rendered.objects),
    chart: { name: inputs.name, version: rendered.version },
    hooks: rendered.hooks,
  };
}

/** Raised when the stored form changes, so that an older file is not misread. */
const cacheFormat = 2;

interface Rendered extends ChartObjects {
  readonly version: string;
}

function readCached(stored: unknown): Rendered | undefined {
  if (typeof stored !== "object" || stored === null) return undefined;
  if (!("version" in stored) || typeof stored.version !== "string") return undefined;
  if (!("objects" in stored) || !Array.isArray(stored.objects)) return undefined;
  if (!("hooks" in stored) || !Array.isArray(stored.hooks)) return undefined;
  return { version: stored.version, objects: stored.objects, hooks: stored.hooks };
}

async function render(
  chart: string,
  inputs: ChartInputs,
  options: ExpandOptions,
): Promise<Rendered> {
  const helm = await options.helm().catch((error: unknown) => {
    throw new Error(`Helm is needed to read the chart and cannot be had: ${reason(error)}`);
  });
  try {
    const version = await readVersion(helm, chart, inputs);
    const rendering = { ...inputs, chart, kubernetesVersion: options.kubernetesVersion };
    const text = await template(helm, rendering);
    if (text !== (await template(helm, rendering))) throw new Error(madeUp);
    return { version, ...objectsOf(text) };
  } catch (error) {
    throw new Error(`${chart}: ${reason(error)}`, { cause: error });
  }
}

const madeUp =
  "it renders differently each time, so it makes up values such as passwords; give it those values, or a Secret that exists";

const chartManifest = z.object({ name: z.string(), version: z.string() });

/** A chart of another version is another chart: what holds for it says nothing of the one deployed. */
async function readVersion(helm: string, chart: string, inputs: ChartInputs): Promise<string> {
  const manifest: unknown = parse(await showChart(helm, chart));
  const { name, version } = chartManifest.parse(manifest);
  if (name !== inputs.name)
    throw new Error(`its name is ${name}, and the stack asks for ${inputs.name}`);
  if (inputs.version !== undefined && plain(version) !== plain(inputs.version)) {
    throw new Error(`its version is ${version}, and the stack pins ${inputs.version}`);
  }
  return version;
}

function plain(version: string): string {
  return version.replace(/^v/, "");
}

function containsUnknown(value: Value | undefined): boolean {
  if (value === unknown) return true;
  if (Array.isArray(value)) return value.some(containsUnknown);
  return isObject(value) && Object.values(value).some(containsUnknown);
}

function label(inputs: ChartInputs): string {
  return inputs.version === undefined ? inputs.name : `${inputs.name} ${inputs.version}`;
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
