import { z } from "zod";

/**
 * What the kubelet would put in front of a container: the files of its volumes. Only the kinds of volume that
 * the gateway's pods have; any other is an error, since the process would run without it.
 */

const item = z.object({ key: z.string(), path: z.string() });
const fromSecret = z.object({
  name: z.string(),
  items: z.array(item).optional(),
  optional: z.boolean().optional(),
});
const token = z.object({
  path: z.string(),
  audience: z.string().optional(),
  expirationSeconds: z.number().optional(),
});
const volume = z.union([
  z.strictObject({ name: z.string(), emptyDir: z.unknown() }),
  z.strictObject({
    name: z.string(),
    configMap: fromSecret.extend({ defaultMode: z.number().optional() }),
  }),
  z.strictObject({
    name: z.string(),
    secret: fromSecret
      .omit({ name: true })
      .extend({ secretName: z.string(), defaultMode: z.number().optional() }),
  }),
  z.strictObject({
    name: z.string(),
    projected: z.object({
      defaultMode: z.number().optional(),
      sources: z.array(
        z.union([
          z.strictObject({ secret: fromSecret }),
          z.strictObject({ configMap: fromSecret }),
          z.strictObject({ serviceAccountToken: token }),
          // Facts of the pod itself, which no process here reads.
          z.strictObject({ downwardAPI: z.unknown() }),
        ]),
      ),
    }),
  }),
]);

/** The part of a pod that says which files it sees. */
export const podSchema = z.object({
  serviceAccountName: z.string().optional(),
  containers: z.tuple([
    z.object({
      command: z.array(z.string()).optional(),
      args: z.array(z.string()).default([]),
      volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string() })).default([]),
    }),
  ]),
  volumes: z.array(volume).default([]),
});

export type Pod = z.infer<typeof podSchema>;
type Volume = Pod["volumes"][number];

/** Content of an object by key, as bytes. */
export type Entries = ReadonlyMap<string, Buffer>;

/** Where volumes take their content from; `undefined`: there is no such object. */
export interface Sources {
  configMap(name: string): Promise<Entries | undefined>;
  secret(name: string): Promise<Entries | undefined>;
  token(audience: string | undefined, expirationSeconds: number | undefined): Promise<Buffer>;
}

/** Files by their path as the container sees it. @throws Error naming every object that is missing */
export async function mountedFiles(pod: Pod, sources: Sources): Promise<Map<string, Buffer>> {
  const [{ volumeMounts }] = pod.containers;
  const files = new Map<string, Buffer>();
  const missing: string[] = [];
  for (const { name, mountPath } of volumeMounts) {
    const mounted = pod.volumes.find((each) => each.name === name);
    if (mounted === undefined) {
      missing.push(`volume ${name}`);
      continue;
    }
    for (const [path, content] of await contentOf(mounted, sources, missing)) {
      files.set(`${mountPath}/${path}`, content);
    }
  }
  if (missing.length > 0) throw new Error(`the pod cannot start without ${missing.join(", ")}`);
  return files;
}

async function contentOf(
  mounted: Volume,
  sources: Sources,
  missing: string[],
): Promise<Map<string, Buffer>> {
  if ("emptyDir" in mounted) return new Map();
  if ("configMap" in mounted) {
    const { name } = mounted.configMap;
    return selected(mounted.configMap, await sources.configMap(name), `ConfigMap ${name}`, missing);
  }
  if ("secret" in mounted) {
    const name = mounted.secret.secretName;
    return selected(mounted.secret, await sources.secret(name), `Secret ${name}`, missing);
  }
  const all = new Map<string, Buffer>();
  // A later source wins over an earlier one, as the kubelet has it.
  for (const source of mounted.projected.sources) {
    for (const [path, content] of await projected(source, sources, missing)) all.set(path, content);
  }
  return all;
}

type Projection = Extract<Volume, { projected: unknown }>["projected"]["sources"][number];

async function projected(
  source: Projection,
  sources: Sources,
  missing: string[],
): Promise<Map<string, Buffer>> {
  if ("secret" in source) {
    const { name } = source.secret;
    return selected(source.secret, await sources.secret(name), `Secret ${name}`, missing);
  }
  if ("configMap" in source) {
    const { name } = source.configMap;
    return selected(source.configMap, await sources.configMap(name), `ConfigMap ${name}`, missing);
  }
  if ("downwardAPI" in source) return new Map();
  const { path, audience, expirationSeconds } = source.serviceAccountToken;
  return new Map([[path, await sources.token(audience, expirationSeconds)]]);
}

function selected(
  wanted: Pick<z.infer<typeof fromSecret>, "items" | "optional">,
  entries: Entries | undefined,
  named: string,
  missing: string[],
): Map<string, Buffer> {
  if (entries === undefined) {
    if (wanted.optional !== true) missing.push(named);
    return new Map();
  }
  if (wanted.items === undefined) return new Map(entries);
  const chosen = new Map<string, Buffer>();
  for (const { key, path } of wanted.items) {
    const content = entries.get(key);
    if (content !== undefined) chosen.set(path, content);
    else if (wanted.optional !== true) missing.push(`key ${key} of ${named}`);
  }
  return chosen;
}
