import { z } from "zod";
import {
  desiredConfigMap,
  desiredKey,
  overrideConfigMap,
  overrideKey,
  recordLabel,
  statusConfigMap,
  statusKey,
} from "../../components/gateway/names.ts";
import { canonicalJson } from "../../components/lib/migration/canonical.ts";
import type { Desired } from "../../components/lib/migration/desired.ts";
import type { Override, TrafficRecord } from "../../components/lib/migration/override.ts";
import { type GatewayStatus, statusSchema } from "../../components/lib/migration/status.ts";
import type { KubeClient } from "../../deploy/api/client.ts";
import { failure } from "../../deploy/api/failure.ts";
import { writeUnchanged } from "../../deploy/api/write-unchanged.ts";
import { DeployError } from "../../deploy/errors.ts";
import { type FoundOverride, foundOverride } from "../../migration/effective-routes.ts";
import type { Situation } from "../../migration/plan-change.ts";
import { readDesired } from "../../migration/read-desired.ts";
import { readJson } from "../../migration/read-json.ts";
import {
  recordData,
  recordName,
  type StoredRecord,
  storedRecord,
} from "../../migration/stored-record.ts";

/** The objects that traffic is made of, in one cluster. */
export interface GatewayObjects {
  readonly client: Pick<KubeClient, "send">;
  readonly namespace: string;
}

const configMap = z.object({
  metadata: z.object({ name: z.string(), resourceVersion: z.string() }),
  data: z.record(z.string(), z.string()).optional(),
});
const configMaps = z.object({ items: z.array(configMap) });
type ConfigMap = z.infer<typeof configMap>;

const partOf = { "app.kubernetes.io/part-of": "private-llm" };

function collection(namespace: string): string {
  return `/api/v1/namespaces/${namespace}/configmaps`;
}

/** `undefined` where there is none. */
async function read(
  { client, namespace }: GatewayObjects,
  name: string,
): Promise<ConfigMap | undefined> {
  const { status, body } = await client.send("GET", `${collection(namespace)}/${name}`);
  if (status === 404) return undefined;
  if (status !== 200) {
    throw failure(`ConfigMap ${namespace}/${name} cannot be read`, status, body);
  }
  return configMap.parse(body);
}

/** @throws DeployError where nothing can be done with what is there */
export async function readDesiredRoutes(objects: GatewayObjects): Promise<Desired> {
  const place = `ConfigMap ${objects.namespace}/${desiredConfigMap}`;
  const object = await read(objects, desiredConfigMap);
  if (object === undefined) {
    throw new DeployError(
      `${place} does not exist: this cluster runs no gateway; give the stack a gateway and deploy it`,
    );
  }
  const desired = readDesired(object.data?.[desiredKey]);
  if (desired.ok) return desired.value;
  throw new DeployError(`${place}: ${desiredKey} ${desired.fault}; deploy the stack again`);
}

export interface OverrideObject {
  readonly found: FoundOverride;
  /** `undefined` where there is no object yet. */
  readonly resourceVersion: string | undefined;
}

export async function readOverride(objects: GatewayObjects): Promise<OverrideObject> {
  const object = await read(objects, overrideConfigMap);
  return {
    found: foundOverride(object === undefined ? undefined : (object.data?.[overrideKey] ?? "")),
    resourceVersion: object?.metadata.resourceVersion,
  };
}

export async function readRecords({
  client,
  namespace,
}: GatewayObjects): Promise<readonly StoredRecord[]> {
  const { status, body } = await client.send("GET", collection(namespace), {
    query: { labelSelector: recordLabel },
  });
  if (status !== 200) throw failure(`records of namespace ${namespace}`, status, body);
  return configMaps
    .parse(body)
    .items.map(({ metadata, data }) => storedRecord(metadata.name, data ?? {}));
}

/** The override is read first: what it names was written before it, and so is among the records. */
export async function readSituation(
  objects: GatewayObjects,
): Promise<Situation & { readonly resourceVersion: string | undefined }> {
  const [desired, { found, resourceVersion }] = await Promise.all([
    readDesiredRoutes(objects),
    readOverride(objects),
  ]);
  const records = await readRecords(objects);
  return { desired, override: found, records, resourceVersion };
}

/** `undefined` where the controller never wrote one that can be read. */
export async function readStatus(objects: GatewayObjects): Promise<GatewayStatus | undefined> {
  const object = await read(objects, statusConfigMap);
  const status = readJson(object?.data?.[statusKey], statusSchema);
  return status.ok ? status.value : undefined;
}

const review = z.object({ status: z.object({ userInfo: z.object({ username: z.string() }) }) });

/** Who the API server takes this user for. */
export async function authenticatedUser({ client }: GatewayObjects): Promise<string> {
  const kind = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
  const path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
  const { status, body } = await client.send("POST", path, { body: kind });
  if (status !== 201) throw failure("who you are cannot be asked", status, body);
  return review.parse(body).status.userInfo.username;
}

/** @returns false where somebody else wrote a record of this number first */
export async function createRecord(
  objects: GatewayObjects,
  record: TrafficRecord,
): Promise<boolean> {
  const { client, namespace } = objects;
  const name = recordName(record.sequence);
  const data = recordData(record);
  const { status, body } = await client.send("POST", collection(namespace), {
    body: {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name, namespace, labels: { ...partOf, [recordLabel]: "true" } },
      immutable: true,
      data,
    },
  });
  if (status === 201) return true;
  if (status !== 409) throw failure(`record ${name} cannot be written`, status, body);
  // The server may have said that it is busy after it had done the work.
  const there = await read(objects, name);
  return canonicalJson(there?.data) === canonicalJson(data);
}

/** @returns false where somebody else wrote it since it was read */
export function writeOverride(
  { client, namespace }: GatewayObjects,
  override: Override,
  resourceVersion: string | undefined,
): Promise<boolean> {
  const object = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: overrideConfigMap, namespace, labels: partOf },
    data: { [overrideKey]: `${JSON.stringify(override, undefined, 2)}\n` },
  } as const;
  return writeUnchanged(client, object, resourceVersion);
}
