import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { contextName, extensionName } from "./control-plane/kubeconfig.ts";
import { clusterLayout, isClusterName } from "./control-plane/layout.ts";
import { readRecord, serverUrl } from "./control-plane/record.ts";
import { readIfPresent } from "./lib/files.ts";

export type Ownership =
  | { readonly kind: "owned"; readonly name: string; readonly server: string }
  | {
      readonly kind: "foreign";
      /** Where the kubeconfig points, as far as it could be read. */
      readonly server?: string;
      /** Why it is not this tool's; to be read after "refused: ". */
      readonly reason: string;
    };

const kubeconfigSchema = z.object({
  "current-context": z.string().optional(),
  contexts: z.array(z.object({ name: z.string(), context: z.object({ cluster: z.string() }) })),
  clusters: z.array(
    z.object({
      name: z.string(),
      cluster: z.object({
        server: z.string(),
        "certificate-authority-data": z.string().optional(),
        extensions: z.array(z.object({ name: z.string(), extension: z.unknown() })).optional(),
      }),
    }),
  ),
});

const markSchema = z.object({ cluster: z.string(), id: z.string() });

/**
 * Whether the kubeconfig's context leads to a cluster that this tool made on this machine. The mark
 * in the file is only a hint, since anybody can copy it: id, address and authority must all be those
 * of the cluster in the state folder.
 * @param context @default - the file's current context
 */
export async function ownsKubeconfig(
  path: string,
  options: { readonly context?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Ownership> {
  const config = kubeconfigSchema.safeParse(parse(await readFile(path, "utf8")));
  if (!config.success) return foreign(`${path} is not a kubeconfig`);
  const wanted = options.context ?? config.data["current-context"] ?? "";
  const context = config.data.contexts.find(({ name }) => name === wanted)?.context;
  const entry = config.data.clusters.find(({ name }) => name === context?.cluster)?.cluster;
  if (entry === undefined) return foreign(`${path} has no context "${wanted}" with a cluster`);
  const at = `context "${wanted}" in ${path} points at ${entry.server}`;
  const mark = markSchema.safeParse(
    entry.extensions?.find(({ name }) => name === extensionName)?.extension,
  );
  if (!mark.success) return foreign(`${at}, which this tool did not make`, entry.server);
  const known = await knownCluster(mark.data.cluster, options.env ?? process.env);
  const same =
    known !== undefined &&
    known.id === mark.data.id &&
    known.server === entry.server &&
    known.authority === entry["certificate-authority-data"];
  return same
    ? { kind: "owned", name: mark.data.cluster, server: entry.server }
    : foreign(
        `${at}; it carries the mark of cluster "${mark.data.cluster}", but ${
          known === undefined ? "no such cluster is here" : "that one is a different cluster"
        } (its own context is "${contextName(mark.data.cluster)}")`,
        entry.server,
      );
}

function foreign(reason: string, server?: string): Ownership {
  return { kind: "foreign", reason, ...(server === undefined ? {} : { server }) };
}

async function knownCluster(name: string, env: NodeJS.ProcessEnv) {
  if (!isClusterName(name)) return undefined;
  const layout = clusterLayout(name, env);
  const record = await readRecord(layout);
  const authority = await readIfPresent(join(layout.pki, "ca.crt"));
  if (record === undefined || authority === undefined) return undefined;
  return {
    id: record.id,
    server: serverUrl(record),
    authority: Buffer.from(authority).toString("base64"),
  };
}
