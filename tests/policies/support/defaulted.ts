import type { KubeClient } from "../../../deploy/api/client.ts";
import { Kinds, objectPath } from "../../../deploy/api/kinds.ts";
import { isBuiltIn } from "../../../policies/kubernetes/api-groups.ts";
import { kubeObject } from "../../../policies/model/kube-object.ts";
import type { Resource } from "../../../policies/model/resource.ts";
import {
  at,
  isArray,
  isObject,
  unknown,
  type Value,
  type ValueObject,
} from "../../../policies/model/value.ts";

/**
 * A resource as a real API server would hold it, with everything that it fills in; nothing is stored.
 * `undefined` where the server refuses the object, or the resource is none of its own kinds.
 */
export async function defaulted(
  client: KubeClient,
  resource: Resource,
): Promise<Resource | undefined> {
  const object = kubeObject(resource);
  if (object === undefined || !isBuiltIn(object) || holdsUnknown(resource.properties))
    return undefined;
  const { apiVersion, kind, namespace, name } = object;
  // Without a name of its own it gets another one each time.
  if (at(resource.properties, "metadata", "name") === undefined) return undefined;
  if (typeof name !== "string" || typeof namespace === "symbol") return undefined;
  const served = await new Kinds(client).find(apiVersion, kind);
  if (served === undefined) return undefined;
  const metadata = {
    ...record(resource.properties["metadata"]),
    name,
    ...(namespace === undefined ? {} : { namespace }),
  };
  const body = { ...completed(kind, resource.properties), apiVersion, kind, metadata };
  const answer = await client.send(
    "PATCH",
    objectPath(served, { apiVersion, kind, namespace, name }),
    {
      body,
      contentType: "application/apply-patch+yaml",
      query: { fieldManager: "test", force: "true", dryRun: "All" },
    },
  );
  if (answer.status >= 300 || !isObject(answer.body)) return undefined;
  return { ...resource, properties: withoutManagers(answer.body) };
}

/** What the API server demands of every workload and the good graph leaves out. */
function completed(kind: string, properties: ValueObject): ValueObject {
  if (kind !== "Deployment" && kind !== "DaemonSet") return properties;
  const spec = record(properties["spec"]);
  const template = record(spec["template"]);
  const metadata = record(template["metadata"]);
  const labels = { app: "any", ...record(metadata["labels"]) };
  return {
    ...properties,
    spec: {
      selector: { matchLabels: { app: labels.app } },
      ...spec,
      template: { ...template, metadata: { ...metadata, labels } },
    },
  };
}

function withoutManagers(body: ValueObject): ValueObject {
  const { managedFields: _, ...metadata } = record(body["metadata"]);
  return { ...body, metadata };
}

function record(value: Value | undefined): ValueObject {
  return isObject(value) ? value : {};
}

function holdsUnknown(value: Value | undefined): boolean {
  if (value === unknown || value === "[secret]") return true;
  if (isArray(value)) return value.some(holdsUnknown);
  return isObject(value) && Object.values(value).some(holdsUnknown);
}
