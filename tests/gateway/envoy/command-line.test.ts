import { join } from "node:path";
import test from "ava";
import { z } from "zod";
import { proxyDeployment } from "../../../components/gateway/proxy-deployment.ts";
import { run } from "../../../tools/cluster/lib/run.ts";
import { envoyBinary } from "../../../tools/data-plane/binaries/envoy.ts";
import { temporaryFolder } from "../../support/temporary.ts";
import { goodPlan } from "../support/plan.ts";

test("Envoy takes the command line of the pods", async (t) => {
  const folder = await temporaryFolder(t, { "envoy.json": "{}" });
  const { spec } = proxyDeployment({
    proxy: "gateway",
    namespace: "gateway",
    config: goodPlan.gateway,
    image: "registry.internal/envoy",
    files: {},
  });
  const template = JSON.stringify(spec);
  const { args } = containerSchema(JSON.parse(template));
  const mapped = args.map((word) =>
    word.endsWith("/envoy.json") ? join(folder, "envoy.json") : word,
  );
  const { code, output } = await run(await envoyBinary(), [...mapped, "--mode", "validate"], {
    cwd: folder,
    env: process.env,
  });
  t.is(code, 0, output);
});

function containerSchema(spec: unknown): { readonly args: readonly string[] } {
  return z
    .object({
      template: z.object({
        spec: z.object({ containers: z.tuple([z.object({ args: z.array(z.string()) })]) }),
      }),
    })
    .transform(({ template }) => template.spec.containers[0])
    .parse(spec);
}
