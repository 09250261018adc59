import { DeployError } from "../errors.ts";

/** What a kubeconfig offers, and what was asked for. */
export interface ContextQuestion {
  readonly stack: string;
  /** Context that the stack file names; `undefined` where it names none. */
  readonly stackContext: string | undefined;
  /** Value of `--context`. */
  readonly asked: string | undefined;
  /** Current context of the kubeconfig; `undefined` where it has none. */
  readonly current: string | undefined;
  readonly contexts: readonly { readonly name: string; readonly server: string }[];
  /** The kubeconfig, for messages. */
  readonly file: string;
}

/**
 * The context to deploy to. Whatever context happens to be current is used only where the stack file
 * names the same one; anything else needs a person's word.
 * @throws DeployError naming the cluster that was not touched and the remedy
 */
export function decideContext(question: ContextQuestion): string {
  const { stack, stackContext, asked, current, contexts, file } = question;
  const wanted = asked ?? current;
  const found = contexts.find(({ name }) => name === wanted);
  const offered = contexts.map(({ name }) => name).join(", ");
  if (asked !== undefined && found === undefined) {
    throw new DeployError(
      `--context ${asked}: ${file} has no such context; it has ${offered === "" ? "none" : offered}`,
    );
  }
  if (found === undefined) {
    throw new DeployError(
      `${file} has no current context; name the cluster for stack ${stack} with --context NAME` +
        (offered === "" ? "" : ` (it has ${offered})`),
    );
  }
  if (asked !== undefined || found.name === stackContext) return found.name;
  const belongs =
    stackContext === undefined
      ? `stack ${stack} names no context`
      : `stack ${stack} belongs to context "${stackContext}"`;
  throw new DeployError(
    `refused: context "${found.name}" in ${file} points at ${found.server}, a cluster that this tool did not make, ` +
      `and ${belongs}; name the cluster to use with --context NAME`,
  );
}

const ownPrefix = "private-llm-";

/** Name of the local cluster behind a context that the cluster tool writes. @throws DeployError */
export function localClusterName(context: string): string {
  const name = context.startsWith(ownPrefix) ? context.slice(ownPrefix.length) : "";
  if (name !== "") return name;
  throw new DeployError(
    `cluster.context "${context}": a local cluster's context is ${ownPrefix}NAME, as in ${ownPrefix}dev; correct the stack file`,
  );
}
