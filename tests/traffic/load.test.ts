import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { z } from "zod";
import { paths, ports } from "../../components/gateway/names.ts";
import { run } from "../../tools/cluster/lib/run.ts";
import { k6Binary, k6Environment } from "../../tools/data-plane/binaries/k6.ts";
import { eventually } from "../gateway/support/eventually.ts";
import { type Plane, startPlane } from "../gateway/support/plane.ts";
import { engineKeyOf } from "../gateway/support/secrets.ts";
import { client } from "./support/client.ts";
import { answered, engineOf, resetCounters } from "./support/counts.ts";
import { inForce } from "./support/in-force.ts";
import { tokenProfiles } from "./support/profiles.ts";

/** Requests a minute, and for how long: as the issue of the gateway asks for. */
const rate = 1_000;
const seconds = 60;
const profile = tokenProfiles.random;
let plane: Plane;

test.before(async () => {
  plane = await startPlane();
  plane.share({ chat: { own: 0, openai: 100 }, summary: { own: 100, azure: 0 } });
  await inForce(plane.open, "summary", 100);
  const from = client(plane.open, "key-summary");
  await eventually(
    () => from.send(),
    ({ status }) => status === 200,
  );
  from.close();
});
test.after.always(() => plane.stop());

const trend = z.object({
  values: z.object({
    count: z.number(),
    "p(50)": z.number(),
    "p(95)": z.number(),
    "p(99)": z.number(),
    max: z.number(),
  }),
});
const rateOf = z.object({ values: z.object({ rate: z.number() }) });
const summaryOf = z.object({
  metrics: z.object({
    direct_ms: trend,
    gateway_ms: trend,
    checks: rateOf,
    http_req_failed: rateOf,
    dropped_iterations: z.object({ values: z.object({ count: z.number() }) }).optional(),
  }),
});

test(`${rate} requests a minute for a minute: no error, and what the gateway adds`, async (t) => {
  t.timeout((seconds + 60) * 1000);
  await resetCounters(plane);
  const summary = join(plane.folder, "summary.json");
  const path = "/v1/chat/completions";
  const { code, output } = await run(
    await k6Binary(),
    ["run", "--quiet", "--no-usage-report", join(import.meta.dirname, "k6", "steady.js")],
    {
      cwd: plane.folder,
      env: {
        ...k6Environment,
        HOME: plane.folder,
        SSL_CERT_FILE: join(plane.folder, "open", paths.tls.slice("/etc".length), "tls.crt"),
        DIRECT: `${engineOf(plane, "large").url}${path}`,
        DIRECT_KEY: engineKeyOf("large"),
        GATEWAY: `https://127.0.0.1:${plane.open.port(ports.clients)}${path}`,
        GATEWAY_KEY: "key-summary",
        PROFILE: JSON.stringify(profile),
        RATE: String(rate),
        SECONDS: String(seconds),
        SUMMARY: summary,
      },
    },
  );
  t.is(code, 0, output);
  const { metrics } = summaryOf.parse(JSON.parse(await readFile(summary, "utf8")));
  const { direct_ms: direct, gateway_ms: gateway } = metrics;
  t.is(metrics.http_req_failed.values.rate, 0);
  t.is(metrics.checks.values.rate, 1, "every answer is complete");
  t.is(metrics.dropped_iterations?.values.count ?? 0, 0, "the load was made in full");
  const counted = gateway.values.count;
  t.true(counted >= rate && counted <= rate + 1, `${counted} requests`);
  const { "engine-large": atEngine } = await answered(plane);
  t.is(atEngine, counted + direct.values.count, "each request reached the engine once");
  t.log(
    `${profile.inputTokens} tokens in, ${profile.outputTokens} out, ${counted} requests each way`,
  );
  for (const rank of ["p(50)", "p(95)", "p(99)", "max"] as const) {
    const [without, through] = [direct.values[rank], gateway.values[rank]];
    const figures = [
      `${without.toFixed(2)} ms direct`,
      `${through.toFixed(2)} ms through the gateway`,
    ];
    figures.push(`+${(through - without).toFixed(2)} ms`, `x ${(through / without).toFixed(2)}`);
    t.log(`${rank}: ${figures.join(", ")}`);
  }
});
