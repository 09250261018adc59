import { toolPath } from "../../tools/cluster/binaries/ensure.ts";
import { exists } from "../../tools/cluster/lib/files.ts";
import type { Target } from "./target.ts";

/** kubectl as a person types it to reach a cluster: this tool's own where it is there, else theirs. */
export async function kubectlCommand(target: Target, env: NodeJS.ProcessEnv): Promise<string> {
  if (target.own === undefined) return `kubectl --context ${quoted(target.context)}`;
  const tool = toolPath("kubectl", env);
  const program = (await exists(tool)) ? tool : "kubectl";
  return `${quoted(program)} --kubeconfig ${quoted(target.kubeconfig)}`;
}

function quoted(word: string): string {
  return /^[\w./:@-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
