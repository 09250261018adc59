/** Name of the init container that verifies weights before an engine opens them. */
export const verifierName = "verify-weights";

/** Repository of the image that stages and verifies. */
export const weightsImage = "private-llm/weights";

/** Where pods see the manifest, and its key in the ConfigMap. */
export const manifestMountPath = "/manifest";
export const manifestField = "manifest.json";

/**
 * What the image's own entry point is told, word for word; a rule reads it back.
 * @param folder absolute path of the checkpoint in the pod
 */
export function verifierArgs(folder: string): string[] {
  return ["verify", "--manifest", `${manifestMountPath}/${manifestField}`, "--folder", folder];
}
