import { createHash } from "node:crypto";
import type * as k8s from "@pulumi/kubernetes";
import type { WorkloadLabels } from "../labels.ts";
import type { Manifest } from "./manifest.ts";
import { manifestField } from "./verifier.ts";

/** An immutable ConfigMap cannot change, so another manifest gets another name. */
export function manifestMapName(name: string, manifest: Manifest): string {
  const hash = createHash("sha256").update(manifestText(manifest)).digest("hex");
  return `${name}-manifest-${hash.slice(0, 8)}`;
}

/** The manifest as pods read it. Immutable: whoever changes it afterwards is refused by the API server. */
export function manifestMap(
  name: string,
  namespace: string,
  labels: WorkloadLabels,
  manifest: Manifest,
): k8s.core.v1.ConfigMapArgs {
  return {
    metadata: { name: manifestMapName(name, manifest), namespace, labels: { ...labels } },
    immutable: true,
    data: { [manifestField]: manifestText(manifest) },
  };
}

function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest)}\n`;
}
