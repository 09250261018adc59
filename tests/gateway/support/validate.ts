import { join } from "node:path";
import { type GatewayFiles, gatewayFiles } from "../../../components/gateway/envoy/files.ts";
import type { GatewayPlan } from "../../../components/gateway/envoy/plan.ts";
import { run } from "../../../tools/cluster/lib/run.ts";
import { envoyBinary } from "../../../tools/data-plane/binaries/envoy.ts";
import { writeProxy } from "./proxy-folder.ts";
import { testSecrets } from "./secrets.ts";

/** What Envoy has against each configuration of a plan; empty where it takes them all. */
export async function envoyFaults(
  folder: string,
  plan: GatewayPlan,
  given: GatewayFiles = gatewayFiles(plan),
): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const [name, files] of Object.entries(given)) {
    if (files === undefined) continue;
    const file = await writeProxy(join(folder, name), files, testSecrets(plan));
    const node = ["--service-node", name, "--service-cluster", name];
    const words = ["--mode", "validate", "-c", file, "-l", "warning", ...node];
    const { code, output } = await run(await envoyBinary(), words);
    if (code !== 0 || /deprecat|warning/i.test(output)) faults.push(`${name}: ${output}`);
  }
  return faults;
}
