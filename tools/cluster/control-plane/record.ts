import { randomUUID } from "node:crypto";
import { z } from "zod";
import { kubernetesVersion } from "../binaries/table.ts";
import { readIfPresent, writePrivate } from "../lib/files.ts";
import { freePorts } from "../lib/ports.ts";
import type { Layout } from "./layout.ts";

const port = z.int().min(1).max(65_535);

const recordSchema = z.strictObject({
  format: z.literal(1),
  /** Random; the kubeconfig carries it too, which proves that this tool wrote it. */
  id: z.uuid(),
  name: z.string(),
  kubernetesVersion: z.string(),
  podCidr: z.string(),
  serviceCidr: z.string(),
  ports: z.strictObject({ api: port, etcd: port, etcdPeer: port }).readonly(),
});

/** What is decided once per cluster and must survive a restart. */
export type ClusterRecord = Readonly<z.infer<typeof recordSchema>>;
export type Ports = ClusterRecord["ports"];

export async function readRecord(layout: Layout): Promise<ClusterRecord | undefined> {
  const text = await readIfPresent(layout.record);
  if (text === undefined) return undefined;
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new Error(
      `${layout.record} is not a cluster record of this version; run "reset" to delete the cluster`,
      { cause: error },
    );
  }
}

export async function writeRecord(layout: Layout, record: ClusterRecord): Promise<void> {
  await writePrivate(layout.record, `${JSON.stringify(record, undefined, 2)}\n`);
}

type Ranges = Pick<ClusterRecord, "podCidr" | "serviceCidr">;

/**
 * The cluster's record, made where there is none.
 * @throws where the cluster exists with other address ranges
 */
export async function matchingRecord(
  layout: Layout,
  name: string,
  ranges: Ranges,
): Promise<ClusterRecord> {
  const existing = await readRecord(layout);
  const faults = (["podCidr", "serviceCidr"] as const)
    .filter((field) => existing !== undefined && existing[field] !== ranges[field])
    .map((field) => `${field} is ${existing?.[field]}, asked for ${ranges[field]}`);
  if (faults.length > 0) {
    throw new Error(
      `cluster ${name}: ${faults.join("; ")}. Ranges are fixed when a cluster is made: reset it first`,
    );
  }
  const record: ClusterRecord = {
    ...(existing ?? { format: 1, id: randomUUID(), name, ...ranges, ports: await newPorts() }),
    kubernetesVersion,
  };
  await writeRecord(layout, record);
  return record;
}

export async function newPorts(): Promise<Ports> {
  const [api, etcd, etcdPeer] = await freePorts(3);
  return recordSchema.shape.ports.parse({ api, etcd, etcdPeer });
}

export function serverUrl(record: ClusterRecord): string {
  return `https://127.0.0.1:${record.ports.api}`;
}
