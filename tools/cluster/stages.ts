import { join } from "node:path";
import { moduleFolder } from "./module-files.ts";

const kwokModule = "sigs.k8s.io/kwok";

/**
 * kwok's own default behaviour: nodes become ready at once and keep a lease, Pods run at once and
 * Jobs complete, claims of class `kwok-volume` are bound. Without Stage objects kwok ends at once.
 */
const files = [
  "kustomize/stage/node/fast/node-initialize.yaml",
  "kustomize/stage/node/heartbeat-with-lease/node-heartbeat-with-lease.yaml",
  "kustomize/stage/pod/fast/pod-ready.yaml",
  "kustomize/stage/pod/fast/pod-complete.yaml",
  "kustomize/stage/pod/fast/pod-delete.yaml",
  "kustomize/stage/volume/fast/pv-bind.yaml",
  "kustomize/stage/volume/fast/pv-delete.yaml",
  "kustomize/stage/volume/fast/pvc-provision.yaml",
  "kustomize/stage/volume/fast/pvc-delete.yaml",
] as const;

export async function stageFiles(env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const folder = await moduleFolder("runtime", kwokModule, env);
  return files.map((file) => join(folder, file));
}
