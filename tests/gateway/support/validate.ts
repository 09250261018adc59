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
    const lines = output.split("\n").filter((line) => !isAccepted(line));
    if (code !== 0 || lines.some((line) => /deprecat|warning/i.test(line)))
      faults.push(`${name}: ${lines.join("\n")}`);
  }
  return faults;
}

/** Parts that Envoy calls unfinished and that the gateway uses all the same; docs/gateway.md says what follows. */
const unfinished = [
  "envoy.extensions.filters.http.sse_to_metadata.v3.",
  "envoy.extensions.content_parsers.json.v3.",
  "envoy.extensions.access_loggers.stats.v3.",
];

function isAccepted(line: string): boolean {
  return (
    line.includes("marked as work-in-progress") &&
    unfinished.some((part) => line.includes(`message '${part}`))
  );
}
