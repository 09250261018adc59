import { posix } from "node:path";
import { gatewaySalts } from "../../kubernetes/cache-salt.ts";
import { type Claims, claimsOf, isWritable, sharing } from "../../kubernetes/claims.ts";
import { type Engine, enginesOf } from "../../kubernetes/engine-settings.ts";
import { topicViolations } from "../../kubernetes/engine-topics.ts";
import { type PodTemplate, podTemplate } from "../../kubernetes/pod-templates.ts";
import { elements, type Field, get, isUnreadable, textOf } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { StackRule, Violation } from "../../model/rule.ts";
import { unreadable, violation } from "../../model/violation.ts";

export const privateCaches: StackRule = {
  id: "A09",
  name: "private-caches",
  level: "stack",
  description:
    "No cache of an inference engine is shared across tenants: prefixes are off or salted by the gateway, and compiled code lies on volumes of the pod's own.",
  severity: "high",
  enforcement: "mandatory",
  mapping: { gdpr: ["32"], hipaa: ["164.312(a)(1)"] },
  remedy: "give the cache a directory on an emptyDir of the pod",
  check: (graph, settings) => {
    const engines = graph.objects.map((object) => ({ object, found: enginesOf(object, settings) }));
    if (engines.every(({ found }) => found.length === 0)) return [];
    const claims = claimsOf(graph);
    const salted = gatewaySalts(graph, settings);
    return engines.flatMap(({ object, found }) =>
      found.flatMap((engine) => checkEngine(object, engine, claims, salted)),
    );
  },
};

function checkEngine(
  object: KubeObject,
  engine: Engine,
  claims: Claims,
  salted: boolean,
): readonly Violation[] {
  const template = podTemplate(object);
  if (template === undefined || engine.line === undefined) return [];
  return [
    ...topicViolations(object, engine, "cache"),
    ...(salted ? [] : checkPrefixes(object, engine)),
    ...checkConnectors(object, engine),
    ...checkMounts(object, engine, template, claims),
    ...checkFolders(object, engine, template, claims),
  ];
}

/** Switches that turn the cache of prefixes off; an engine in none of them cannot. */
const off: Readonly<Record<string, { readonly flag: string; readonly opposite: string }>> = {
  vllm: { flag: "--no-enable-prefix-caching", opposite: "--enable-prefix-caching" },
  sglang: { flag: "--disable-radix-cache", opposite: "--no-disable-radix-cache" },
};

function checkPrefixes(object: KubeObject, engine: Engine): readonly Violation[] {
  const { container, line, profile } = engine;
  if (line === undefined || profile === undefined || line.faults.length > 0) return [];
  const chosen = off[profile.id];
  const remedy =
    chosen === undefined
      ? "let the gateway put a cache_salt of the tenant into each request"
      : `start the engine with ${chosen.flag}, or let the gateway put a cache_salt of the tenant into each request`;
  const opposite = line.flags.find(({ name }) => name === chosen?.opposite);
  if (opposite === undefined && line.flags.some(({ name }) => name === chosen?.flag)) return [];
  const field = opposite?.word ?? get(container.field, "args");
  const problem =
    "leaves the cache of prefixes on, so answer times tell one tenant of another's prompts";
  return [violation(object, field, problem, remedy)];
}

/** Connectors that hand blocks from pod to pod or to the host's memory, and to no store that others read. */
const directConnectors = new Set([
  "MooncakeConnector",
  "MoRIIOConnector",
  "NixlConnector",
  "NixlPullConnector",
  "NixlPushConnector",
  "OffloadingConnector",
  "SimpleCPUOffloadConnector",
]);

function checkConnectors(object: KubeObject, engine: Engine): readonly Violation[] {
  return (engine.line?.flags ?? [])
    .filter(({ name }) => name === "--kv-transfer-config.kv_connector")
    .filter(({ values }) => !values.every((value) => directConnectors.has(textOf(value) ?? "")))
    .map(({ word }) =>
      violation(
        object,
        word,
        "names a connector that keeps blocks of prompts in a store that others may read",
        "use a connector that hands blocks from pod to pod, such as NixlConnector",
      ),
    );
}

/** Wherever an engine can write, only its own workload may. */
function checkMounts(
  object: KubeObject,
  engine: Engine,
  template: PodTemplate,
  claims: Claims,
): readonly Violation[] {
  return elements(get(engine.container.field, "volumeMounts")).flatMap((mount) => {
    const path = textOf(get(mount, "mountPath")) ?? "";
    if (!isWritable(template, mount) && !cachePath.test(path)) return [];
    const problem = sharing(object, template, get(mount, "name"), claims);
    if (problem === undefined) return [];
    const remedy = "mount it with readOnly: true, or use an emptyDir for what the engine writes";
    return [violation(object, get(mount, "name"), problem, remedy)];
  });
}

/** Folders where engines look for compiled code unless told otherwise. */
const cachePath =
  /\/(?:\.cache|\.config|\.cutlass|\.nv|\.triton|torch_compile_cache|torchinductor\w*)(?:\/|$)/;

function checkFolders(
  object: KubeObject,
  engine: Engine,
  template: PodTemplate,
  claims: Claims,
): readonly Violation[] {
  const { environment, profile } = engine;
  const names = [...(profile?.variables ?? [])]
    .filter(([, facts]) => facts.topic === "cache" && facts.risk === undefined)
    .map(([name]) => name);
  const mounts = elements(get(engine.container.field, "volumeMounts"));
  return names.flatMap((name) => {
    const entry = environment.variables.get(name);
    if (entry === undefined) return [];
    return checkFolder(object, name, entry, mounts, (volume) =>
      sharing(object, template, volume, claims),
    );
  });
}

function checkFolder(
  object: KubeObject,
  name: string,
  entry: Field,
  mounts: readonly Field[],
  sharedBy: (volume: Field) => string | undefined,
): readonly Violation[] {
  const source = get(entry, "valueFrom");
  if (source.value !== undefined) {
    return [violation(object, source, `decides ${name} outside this object`)];
  }
  const value = get(entry, "value");
  if (isUnreadable(value)) return [unreadable(object, value)];
  const path = textOf(value) ?? "";
  if (!path.startsWith("/") || path.includes("..")) {
    return [violation(object, value, `sets ${name} to no absolute path`)];
  }
  const mount = covering(path, mounts);
  // Without a mount it lies in the container itself, which nobody shares.
  if (mount === undefined) return [];
  const problem = sharedBy(get(mount, "name"));
  return problem === undefined
    ? []
    : [violation(object, value, `puts ${name} on a volume that ${problem}`)];
}

/** The mount on which a path lies: the longest that it begins with. */
function covering(path: string, mounts: readonly Field[]): Field | undefined {
  return mounts
    .filter((mount) => posix.join(path, "/").startsWith(folderOf(mount)))
    .toSorted((a, b) => folderOf(b).length - folderOf(a).length)[0];
}

/** With a slash at its end. */
function folderOf(mount: Field): string {
  return posix.join(textOf(get(mount, "mountPath")) ?? "/", "/");
}
