import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import type { AdmissionEntry } from "../../../components/lib/admission-objects.ts";
import { waitUntilInForce } from "../../../deploy/admission.ts";
import type { KubeClient } from "../../../deploy/api/client.ts";
import { Kinds, objectPath } from "../../../deploy/api/kinds.ts";
import { admissionSet } from "../../../policies/admission/admission-set.ts";
import { fingerprintAnnotation } from "../../../policies/admission/witness.ts";
import { graphOf } from "../../../policies/model/graph.ts";
import type { KubeObject } from "../../../policies/model/kube-object.ts";
import { at, isObject, type ValueObject } from "../../../policies/model/value.ts";
import { moduleFolder } from "../../../tools/cluster/module-files.ts";
import { silentProgress } from "../../../tools/cluster/progress.ts";
import { plain } from "../../admission/support/site.ts";
import type { RealStack } from "./stacks.ts";

/** Definitions of kinds that the leaks use and the local cluster does not bring, from its pinned module. */
const definitions = ["alertmanagerconfigs", "prometheuses"];
const operator = "github.com/prometheus-operator/prometheus-operator";

/** Namespaces that leaks use and no stack makes. */
const foreignNamespaces = ["istio-system"];

/**
 * Makes what objects of the leaks need to be judged at all: definitions, namespaces with the stack's own
 * Pod Security levels, priorities, and service accounts.
 */
export async function prepare(
  client: KubeClient,
  stack: RealStack,
  leaking: readonly KubeObject[],
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const { objects } = graphOf(stack.graph);
  const bodies = [...objects, ...leaking].map(({ body }) => body);
  const ofKind = (kind: string) => bodies.filter((body) => body["kind"] === kind);
  for (const file of definitions) await apply(client, await definition(file, env));
  for (const body of ofKind("CustomResourceDefinition")) await apply(client, body);
  // The stack's own come first; a leak that changes one is no part of the site.
  for (const body of first(ofKind("Namespace"))) await apply(client, body);
  for (const name of foreignNamespaces) await apply(client, namespace(name));
  for (const kind of ["PriorityClass", "ServiceAccount"]) {
    for (const body of first(ofKind(kind))) await apply(client, body);
  }
}

/** Server-side apply. @throws Error with the server's words */
export async function apply(client: KubeClient, body: ValueObject): Promise<void> {
  const apiVersion = text(body["apiVersion"]);
  const kind = text(body["kind"]);
  const name = text(at(body, "metadata", "name"));
  const served = await new Kinds(client).find(apiVersion, kind);
  if (served === undefined) throw new Error(`${kind} is not served`);
  const place = at(body, "metadata", "namespace");
  const path = objectPath(served, {
    apiVersion,
    kind,
    namespace: place === undefined ? undefined : text(place),
    name,
  });
  const answer = await client.send("PATCH", path, {
    query: { fieldManager: "leak-tests", force: "true" },
    contentType: "application/apply-patch+yaml",
    body,
  });
  if (answer.status >= 300) throw new Error(`${kind} ${name}: ${text(at(answer.body, "message"))}`);
}

/**
 * Puts the walls of a stack in place as its deployment does, and waits until the API server refuses by
 * them: its network policies, then its admission policies, in place of those of another stack.
 */
export async function guard(client: KubeClient, { graph, settings }: RealStack): Promise<void> {
  for (const { body } of graphOf(graph).objects) {
    if (body["kind"] === "NetworkPolicy") await apply(client, body);
  }
  const entries = admissionSet(settings);
  for (const { policy, binding } of entries) {
    await apply(client, plain(policy));
    await apply(client, plain(binding));
  }
  await inForce(client, entries);
}

/** @throws Error where the set has nothing that answers for it, or the API server does not go by it */
async function inForce(client: KubeClient, entries: readonly AdmissionEntry[]): Promise<void> {
  const { metadata, spec } = entries.at(-1)?.policy ?? {};
  const fingerprint = metadata?.annotations?.[fingerprintAnnotation];
  const guarded = spec?.matchConstraints.namespaceSelector.matchExpressions?.[0]?.values[0];
  if (fingerprint === undefined || guarded === undefined) {
    throw new Error("no admission policy answers for the others");
  }
  await waitUntilInForce(
    { namespace: guarded, fingerprint },
    { client, progress: silentProgress, signal: undefined },
  );
}

function first(bodies: readonly ValueObject[]): readonly ValueObject[] {
  const seen = new Map<string, ValueObject>();
  for (const body of bodies) {
    const key = JSON.stringify([at(body, "metadata", "namespace"), at(body, "metadata", "name")]);
    if (!seen.has(key)) seen.set(key, body);
  }
  return [...seen.values()];
}

async function definition(plural: string, env: NodeJS.ProcessEnv): Promise<ValueObject> {
  const folder = await moduleFolder("manifests", operator, env);
  const file = `example/prometheus-operator-crd/monitoring.coreos.com_${plural}.yaml`;
  const body: unknown = parse(await readFile(join(folder, file), "utf8"));
  const value = JSON.parse(JSON.stringify(body));
  if (!isObject(value)) throw new Error(`${file} holds no object`);
  return value;
}

function namespace(name: string): ValueObject {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name } };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
