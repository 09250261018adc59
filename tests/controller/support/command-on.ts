import { repositoryRoot } from "../../../cli/support/repository.ts";
import { contextName } from "../../../tools/cluster/control-plane/kubeconfig.ts";
import { command } from "../../support/command.ts";

/** One of the project's commands, as people type it, against the cluster that a test started by this name. */
export function commandOn(cluster: string, kubeconfig: string, ...words: readonly string[]) {
  const target = [`--kubeconfig=${kubeconfig}`, `--context=${contextName(cluster)}`];
  return command(repositoryRoot, [...words, ...target]);
}
