import type { KubeClient } from "../api/client.ts";
import { DeployError } from "../errors.ts";
import { inventoryName, readInventory } from "../inventory.ts";
import { notesNamespace } from "../ownership.ts";

/**
 * Two tools with one stack each believe that they alone know it; the second would adopt or delete
 * what the first made.
 * @throws DeployError where server-side apply has been used for this stack on this cluster
 */
export async function refuseMixing(client: KubeClient, stack: string): Promise<void> {
  if ((await readInventory(client, stack)) === undefined) return;
  throw new DeployError(
    `stack ${stack} was applied to ${client.server} by server-side apply (ConfigMap ${notesNamespace}/${inventoryName(stack)}); ` +
      "go on with --engine ssa, or run down first and then up with the Pulumi CLI",
  );
}
