import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { KubeConfig } from "@kubernetes/client-node";
import { connectTo } from "../../api/client.ts";
import { mountedPod } from "../pods.ts";

/**
 * Plays the kubelet for the processes of the local data plane: keeps the files of their volumes as the API
 * server has them, so that a key that was issued or revoked arrives. A real kubelet takes up to a minute.
 */

const interval = 500;

const { values } = parseArgs({
  options: {
    kubeconfig: { type: "string", default: "" },
    namespace: { type: "string", default: "" },
    root: { type: "string", default: "" },
    pod: { type: "string", multiple: true, default: [] },
  },
});

const stop = new AbortController();
process.once("SIGTERM", () => stop.abort());

const config = new KubeConfig();
config.loadFromFile(values.kubeconfig);
const client = await connectTo(config);
const pods = await Promise.all(
  values.pod.map((name) => mountedPod(client, values.namespace, name, join(values.root, name))),
);
while (!stop.signal.aborted) {
  for (const pod of pods) {
    try {
      for (const path of await pod.sync()) log({ pod: pod.deployment, changed: path });
    } catch (error) {
      // The API server may be down for a while; files stay as they are.
      log({ pod: pod.deployment, error: error instanceof Error ? error.message : String(error) });
    }
  }
  await sleep(interval, undefined, { signal: stop.signal }).catch(() => undefined);
}

function log(entry: Readonly<Record<string, string>>): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`);
}
