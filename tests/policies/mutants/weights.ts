import { verifierArgs } from "../../../components/lib/weights/verifier.ts";
import type { Resource } from "../../../policies/model/resource.ts";
import { isObject, unknown, type Value } from "../../../policies/model/value.ts";
import { kube, replaceAt } from "../good-graph.ts";
import {
  manifestMount,
  modelsMount,
  verifier,
  weightsChanged,
  weightsResources,
  weightsSettings,
} from "../weights-graph.ts";
import { digest, engine, enginePath, type Mutant, podPath, template } from "./mutant.ts";

const deployment = "Deployment inference/llama";
const model = `${enginePath}.command[2]`;
const seen = `${podPath}.initContainers[0].volumeMounts`;
const initial = [...template, "initContainers"];

function weights(
  title: string,
  resources: readonly Resource[],
  path: string,
  object = deployment,
): Mutant {
  return { rule: "A17", title, resources, object, path, settings: weightsSettings };
}

function pod(
  title: string,
  steps: readonly (string | number)[],
  value: Value | undefined,
  path: string,
): Mutant {
  return weights(title, weightsChanged("Deployment/llama", steps, value), path);
}

/** A verifier of which one thing is otherwise. */
function verifying(title: string, change: Readonly<Record<string, Value>>, path = model): Mutant {
  return pod(title, initial, [{ ...verifier, ...change }], path);
}

function beside(title: string, extra: Resource, object: string, path: string): Mutant {
  return weights(title, [...weightsResources, extra], path, object);
}

const nfs = (namespace: string | undefined): Resource =>
  kube("core/v1:PersistentVolume", "third", undefined, {
    spec: {
      storageClassName: "",
      nfs: { server: "10.20.0.9", path: "/weights/llama" },
      mountOptions: ["xprtsec=tls"],
      ...(namespace === undefined ? {} : { claimRef: { namespace, name: "own" } }),
    },
  });

function mounting(claimName: string, readOnly: boolean): Resource {
  return kube("batch/v1:Job", "writer", "inference", {
    spec: {
      template: {
        spec: {
          containers: [
            {
              name: "writer",
              image: `registry.internal/llm/writer@${digest}`,
              volumeMounts: [{ name: "w", mountPath: "/w", readOnly }],
            },
          ],
          volumes: [{ name: "w", persistentVolumeClaim: { claimName } }],
        },
      },
    },
  });
}

/** Several changes of the engine's Deployment. */
function changes(
  resource: Resource,
  steps: readonly (readonly [readonly (string | number)[], Value | undefined])[],
): Resource {
  if (!resource.type.endsWith(":Deployment")) return resource;
  const properties = steps.reduce<Value>(
    (whole, [path, value]) => replaceAt(whole, path, value),
    resource.properties,
  );
  return isObject(properties) ? { ...resource, properties } : resource;
}

const besideEngine = (resource: Resource) =>
  changes(resource, [
    [initial, undefined],
    [[...template, "containers", 1], verifier],
  ]);

const writable = (resource: Resource) =>
  changes(resource, [
    [[...template, "volumes", 3, "persistentVolumeClaim", "readOnly"], undefined],
    [[...engine, "volumeMounts", 3, "readOnly"], undefined],
  ]);

export const unverifiedWeights: readonly Mutant[] = [
  pod("no verifier", initial, undefined, model),
  verifying("verifier of another folder", { args: verifierArgs("/models/other") }),
  verifying("verifier of a folder whose name begins the same", {
    args: verifierArgs("/models/lla"),
  }),
  verifying("verifier with a path that climbs", { args: verifierArgs("/models/x/../llama") }),
  verifying("command in the place of the image's own", { command: ["true"] }),
  verifying("words that verify nothing", { args: ["verify", "--help"] }),
  verifying("variable that brings in code", {
    env: [{ name: "NODE_OPTIONS", value: "--import=/models/llama/x.js" }],
  }),
  verifying("another working folder", { workingDir: "/models" }),
  verifying("sidecar, for which nothing waits", { restartPolicy: "Always" }),
  verifying("image of another name", { image: `registry.internal/llm/vllm@${digest}` }),
  verifying("image of another registry", { image: `else.example/private-llm/weights@${digest}` }),
  verifying("image by tag", { image: "registry.internal/llm/private-llm/weights:1.0.0" }),
  verifying("container of another name", { name: "verify" }),
  weights(
    "verifier beside the engine",
    weightsResources.map((each) => (each.name === "llama" ? besideEngine(each) : each)),
    model,
  ),
  verifying(
    "verifier that sees another volume",
    { volumeMounts: [{ ...modelsMount, name: "scratch" }, manifestMount] },
    seen,
  ),
  verifying(
    "verifier that sees a part of the volume",
    { volumeMounts: [{ ...modelsMount, subPath: "good" }, manifestMount] },
    seen,
  ),
  verifying(
    "verifier that can write",
    { volumeMounts: [{ name: "models", mountPath: "/models" }, manifestMount] },
    seen,
  ),
  verifying(
    "volume over the verifier's program",
    { volumeMounts: [modelsMount, manifestMount, { name: "scratch", mountPath: "/app" }] },
    seen,
  ),
  pod(
    "engine that sees a part of the volume",
    [...engine, "volumeMounts", 3, "subPath"],
    "other",
    seen,
  ),
  weights(
    "engine that can write",
    weightsResources.map((each) => (each.name === "llama" ? writable(each) : each)),
    `${enginePath}.volumeMounts[3]`,
  ),
  pod(
    "tokenizer from a folder that nobody verifies",
    [...engine, "command"],
    ["vllm", "serve", "/models/llama", "--tokenizer=/models/other", "--port=8000"],
    `${enginePath}.command[3]`,
  ),
  weights(
    "manifest that can be changed",
    weightsChanged("ConfigMap/llama-manifest", ["immutable"], undefined),
    "immutable",
    "ConfigMap inference/llama-manifest",
  ),
  weights(
    "manifest that may become changeable",
    weightsChanged("ConfigMap/llama-manifest", ["immutable"], unknown),
    "immutable",
    "ConfigMap inference/llama-manifest",
  ),
  weights(
    "manifest that is none",
    weightsChanged("ConfigMap/llama-manifest", ["data", "manifest.json"], "{}"),
    'data["manifest.json"]',
    "ConfigMap inference/llama-manifest",
  ),
  pod(
    "manifest of another ConfigMap",
    [...template, "volumes", 4, "configMap", "name"],
    "elsewhere",
    `${podPath}.volumes[4]`,
  ),
  pod(
    "manifest that may be absent",
    [...template, "volumes", 4, "configMap", "optional"],
    true,
    `${podPath}.volumes[4]`,
  ),
  pod(
    "manifest from a volume that its owner can change",
    [...template, "volumes", 4],
    { name: "manifest", persistentVolumeClaim: { claimName: "weights", readOnly: true } },
    `${podPath}.volumes[4]`,
  ),
  beside(
    "second writer",
    mounting("weights", false),
    "Job inference/writer",
    "spec.template.spec.containers[0].volumeMounts[0]",
  ),
  weights(
    "second writer by a claim of its own",
    [...weightsResources, nfs("inference"), mounting("own", false)],
    "spec.template.spec.containers[0].volumeMounts[0]",
    "Job inference/writer",
  ),
  beside("storage for another namespace", nfs("apps"), "PersistentVolume third", "spec.claimRef"),
  beside("storage for whoever asks", nfs(undefined), "PersistentVolume third", "spec.claimRef"),
  weights(
    "volume that nobody knows",
    weightsResources.map((each) =>
      each.name === "weights" && each.type.endsWith(":PersistentVolumeClaim")
        ? { ...each, properties: { ...each.properties, spec: { volumeName: unknown } } }
        : each,
    ),
    "spec.volumeName",
    "PersistentVolumeClaim inference/weights",
  ),
  weights(
    "storage that nobody knows",
    weightsChanged("PersistentVolume/staging", ["spec", "nfs", "server"], unknown),
    "spec.nfs.server",
    "PersistentVolume staging",
  ),
];

function egress(
  title: string,
  target: string,
  path: readonly (string | number)[],
  value: Value | undefined,
  object: string,
  at: string,
): Mutant {
  return {
    rule: "E20",
    title,
    resources: weightsChanged(target, path, value),
    object,
    path: at,
    settings: weightsSettings,
  };
}

const source = "NetworkPolicy weights/source";
const peer = "spec.egress[0].to[0]";

export const stagingEgresses: readonly Mutant[] = [
  egress(
    "another address",
    "NetworkPolicy/source",
    ["spec", "egress", 0, "to", 0, "ipBlock", "cidr"],
    "10.30.0.0/24",
    source,
    peer,
  ),
  egress(
    "another port",
    "NetworkPolicy/source",
    ["spec", "egress", 0, "ports", 0, "port"],
    22,
    source,
    peer,
  ),
  egress(
    "every address",
    "NetworkPolicy/source",
    ["spec", "egress"],
    [{}],
    source,
    "spec.egress[0]",
  ),
  egress(
    "no default deny",
    "NetworkPolicy/deny",
    ["spec", "policyTypes"],
    ["Ingress"],
    "Namespace weights",
    "",
  ),
];
