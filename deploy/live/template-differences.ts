import { isDeepStrictEqual } from "node:util";
import { type PodTemplate, podTemplate } from "../../policies/kubernetes/pod-templates.ts";
import {
  harmlessPodFields,
  steeringAnnotations,
} from "../../policies/kubernetes/relevant-paths.ts";
import type { KubeObject } from "../../policies/model/kube-object.ts";
import { at, isArray, isObject, type Value, type ValueObject } from "../../policies/model/value.ts";

/**
 * Fields in which an object's pod template differs from that of the workload it was made from, beside
 * what Kubernetes itself adds; empty where the workload stands for it. An injected container, volume or
 * label, or a debugging container, shows here.
 */
export function templateDifferences(made: KubeObject, owner: KubeObject): readonly string[] {
  const own = podTemplate(made);
  const from = podTemplate(owner);
  if (own === undefined || from === undefined) return ["kind"];
  const claims = claimNames(owner);
  const [spec, wanted] = [object(own.spec.value), object(from.spec.value)];
  const fields = new Set([...Object.keys(spec), ...Object.keys(wanted)]);
  return [
    ...[...fields]
      .filter((field) => !addedFields.has(field))
      .filter(
        (field) => !isDeepStrictEqual(settled(spec, field, claims), settled(wanted, field, [])),
      )
      .map((field) => `spec.${field}`),
    ...metadataDifferences(own, from),
  ].toSorted();
}

/** What scheduler, kubelet and admission write into a pod, and where it may be placed. */
const addedFields: ReadonlySet<string> = new Set([
  ...harmlessPodFields,
  "hostname",
  "imagePullSecrets",
  "preemptionPolicy",
  "schedulingGates",
  "serviceAccount",
  "subdomain",
]);

/** Value of a field after what the API server would add to it where it is absent. */
function settled(spec: ValueObject, field: string, claims: readonly string[]): Value | undefined {
  const value = spec[field];
  switch (field) {
    case "enableServiceLinks":
      return value ?? true;
    case "serviceAccountName":
      return value ?? "default";
    case "volumes":
      return list(value).filter((volume) => !isTokenVolume(volume) && !isClaim(volume, claims));
    case "containers":
    case "initContainers":
    case "ephemeralContainers":
      return list(value).map(container);
    default:
      return value;
  }
}

/** The token that the service account admission mounts; rules read it where the template asks for it. */
const tokenVolume = /^kube-api-access-[a-z0-9]{5}$/;

function isTokenVolume(volume: Value): boolean {
  const name = at(volume, "name");
  return (
    typeof name === "string" && tokenVolume.test(name) && at(volume, "projected") !== undefined
  );
}

function isClaim(volume: Value, claims: readonly string[]): boolean {
  const name = at(volume, "name");
  return (
    typeof name === "string" &&
    claims.includes(name) &&
    at(volume, "persistentVolumeClaim") !== undefined
  );
}

/** A pod's requests are filled in from its limits; a Job tells its pods their index. */
function container(value: Value): Value {
  const { resources, env, volumeMounts, ...rest } = object(value);
  return {
    ...rest,
    limits: at(resources, "limits") ?? null,
    env: list(env).filter((entry) => at(entry, "name") !== "JOB_COMPLETION_INDEX"),
    volumeMounts: list(volumeMounts).filter((mount) => {
      const name = at(mount, "name");
      return typeof name !== "string" || !tokenVolume.test(name);
    }),
  };
}

/** Names of the claims that a StatefulSet makes for each pod. */
function claimNames(owner: KubeObject): readonly string[] {
  return list(at(owner.body, "spec", "volumeClaimTemplates"))
    .map((claim) => at(claim, "metadata", "name"))
    .filter((name) => typeof name === "string");
}

/** Labels that controllers and the scheduler add; any other could make a network policy select the pod. */
const addedLabels =
  /^(?:pod-template-hash|controller-revision-hash|pod-template-generation|controller-uid|job-name|statefulset\.kubernetes\.io\/pod-name|apps\.kubernetes\.io\/pod-index|batch\.kubernetes\.io\/[\w-]+|topology\.kubernetes\.io\/(?:region|zone))$/;

/** Annotations in which network plugins write down what they did. */
const addedAnnotations =
  /^(?:cni\.projectcalico\.org\/(?:containerID|podIPs?)|k8s\.v1\.cni\.cncf\.io\/networks?-status)$/;

function metadataDifferences(own: PodTemplate, from: PodTemplate): readonly string[] {
  const differ = (field: string, counts: (key: string) => boolean) => {
    const [has, wanted] = [
      object(at(own.metadata.value, field)),
      object(at(from.metadata.value, field)),
    ];
    const keys = new Set([...Object.keys(has), ...Object.keys(wanted)]);
    return [...keys]
      .filter((key) => counts(key) && has[key] !== wanted[key])
      .map((key) => `metadata.${field}["${key}"]`);
  };
  return [
    ...differ("labels", (key) => !addedLabels.test(key)),
    ...differ("annotations", (key) => steeringAnnotations.test(key) && !addedAnnotations.test(key)),
  ];
}

function object(value: Value | undefined): ValueObject {
  return isObject(value) ? value : {};
}

function list(value: Value | undefined): readonly Value[] {
  return isArray(value) ? value : [];
}
