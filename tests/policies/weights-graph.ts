import { verifierArgs } from "../../components/lib/weights/verifier.ts";
import type { Resource } from "../../policies/model/resource.ts";
import type { Settings } from "../../policies/model/settings.ts";
import { isObject, type Value, type ValueObject } from "../../policies/model/value.ts";
import { changedAll, kube, replaceAt, settings } from "./good-graph.ts";
import { digest, engine, template } from "./mutants/mutant.ts";

/** Settings of a stack that stages weights from one address inside. */
export const weightsSettings: Settings = {
  ...settings,
  staging: { namespace: "weights", source: { address: "10.30.0.20", port: 443 } },
};

export const manifestText = JSON.stringify({
  schema: 1,
  repository: "acme/llama",
  revision: "0123456789".repeat(4),
  licence: "apache-2.0",
  quantisation: "bf16",
  chatTemplate: null,
  files: [{ path: "config.json", bytes: 2, sha256: "ab".repeat(32) }],
});

const inMemory = (name: string): ValueObject => ({
  name,
  emptyDir: { medium: "Memory", sizeLimit: "8Gi" },
});

export const models: ValueObject = {
  name: "models",
  persistentVolumeClaim: { claimName: "weights", readOnly: true },
};
export const modelsMount: ValueObject = { name: "models", mountPath: "/models", readOnly: true };
export const manifestMount: ValueObject = {
  name: "manifest",
  mountPath: "/manifest",
  readOnly: true,
};

export const verifier: ValueObject = {
  name: "verify-weights",
  image: `registry.internal/llm/private-llm/weights@${digest}`,
  args: verifierArgs("/models/llama"),
  resources: { limits: { memory: "1Gi" } },
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    readOnlyRootFilesystem: true,
  },
  volumeMounts: [modelsMount, manifestMount],
};

function volume(name: string, namespace: string, readOnly: boolean): Resource {
  return kube("core/v1:PersistentVolume", name, undefined, {
    spec: {
      capacity: { storage: "300Gi" },
      accessModes: [readOnly ? "ReadOnlyMany" : "ReadWriteMany"],
      storageClassName: "",
      claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace, name: "weights" },
      nfs: { server: "10.20.0.9", path: "/weights", readOnly },
      mountOptions: ["xprtsec=tls"],
    },
  });
}

function claim(namespace: string, volumeName: string): Resource {
  return kube("core/v1:PersistentVolumeClaim", "weights", namespace, {
    spec: { accessModes: ["ReadWriteMany"], storageClassName: "", volumeName },
  });
}

/** The good graph with weights on a volume that a namespace of its own stages. */
export const weightsResources: readonly Resource[] = [
  ...changedAll("Deployment/llama", [
    [[...template, "initContainers"], [verifier]],
    [
      [...template, "volumes"],
      [
        inMemory("scratch"),
        inMemory("shm"),
        inMemory("tmp"),
        models,
        { name: "manifest", configMap: { name: "llama-manifest" } },
      ],
    ],
    [[...engine, "volumeMounts", 3], modelsMount],
  ]),
  kube("core/v1:ConfigMap", "llama-manifest", "inference", {
    immutable: true,
    data: { "manifest.json": manifestText },
  }),
  volume("serving", "inference", true),
  claim("inference", "serving"),
  volume("staging", "weights", false),
  { ...claim("weights", "staging"), name: "weights-staging" },
  kube("core/v1:Namespace", "weights", undefined, {}),
  kube("networking.k8s.io/v1:NetworkPolicy", "deny", "weights", {
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
  }),
  kube("networking.k8s.io/v1:NetworkPolicy", "source", "weights", {
    spec: {
      podSelector: { matchLabels: { "app.kubernetes.io/name": "weights-staging" } },
      policyTypes: ["Egress"],
      egress: [
        {
          to: [{ ipBlock: { cidr: "10.30.0.20/32" } }],
          ports: [{ protocol: "TCP", port: 443 }],
        },
      ],
    },
  }),
];

/** One change of one resource, as `Kind/name`. */
export function weightsChanged(
  target: string,
  path: readonly (string | number)[],
  value: Value | undefined,
): readonly Resource[] {
  const hit = weightsResources.filter((each) => nameOf(each) === target);
  if (hit.length !== 1) throw new Error(`${target} names ${hit.length} resources, not one`);
  return weightsResources.map((each) => {
    if (nameOf(each) !== target) return each;
    const properties = replaceAt(each.properties, path, value);
    return isObject(properties) ? { ...each, properties } : each;
  });
}

function nameOf({ type, name }: Resource): string {
  return `${type.split(":").at(-1)}/${name}`;
}
