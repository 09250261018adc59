import { join } from "node:path";
import test from "ava";
import { freePorts } from "../../tools/cluster/lib/ports.ts";
import { envoyBinary } from "../../tools/data-plane/binaries/envoy.ts";
import {
  ratelimitBinary,
  ratelimitEnvironment,
} from "../../tools/data-plane/binaries/ratelimit.ts";
import { startAttached } from "../../tools/data-plane/process.ts";
import { temporaryFolder } from "../support/temporary.ts";
import { redisObstacle, startRedis } from "./support/redis.ts";

const reason = redisObstacle();
const withRedis = reason === undefined ? test : test.skip;
const why = reason === undefined ? "" : ` (${reason})`;

const loopback = "127.0.0.1";

async function isOk(url: string, signal: AbortSignal): Promise<boolean> {
  return (await fetch(url, { signal })).ok;
}

test("envoy starts, says that it is ready, and ends", async (t) => {
  const [port = 0] = await freePorts(1);
  const address = { socket_address: { address: loopback, port_value: port } };
  const config = JSON.stringify({ admin: { address } });
  const folder = await temporaryFolder(t, { "envoy.json": config });
  const envoy = await startAttached({
    name: "envoy",
    program: await envoyBinary(),
    args: ["--use-dynamic-base-id", "--concurrency", "1", "-c", join(folder, "envoy.json")],
    log: join(folder, "envoy.log"),
    isReady: (signal) => isOk(`http://${loopback}:${port}/ready`, signal),
  });
  t.teardown(() => envoy.stop());
  const ready = await fetch(`http://${loopback}:${port}/ready`);
  t.is((await ready.text()).trim(), "LIVE");
  await envoy.stop();
  t.false(envoy.isRunning());
});

withRedis(`the rate-limit service is healthy with a Redis behind it${why}`, async (t) => {
  const folder = await temporaryFolder(t, {
    "runtime/config/limits.yaml": "domain: test\ndescriptors: []\n",
  });
  const [redisPort = 0, http = 0, grpc = 0, debug = 0] = await freePorts(4);
  const redis = await startRedis(folder, redisPort);
  t.teardown(() => redis.stop());
  const service = await startAttached({
    name: "ratelimit",
    program: await ratelimitBinary(),
    args: [],
    log: join(folder, "ratelimit.log"),
    env: {
      ...ratelimitEnvironment,
      PORT: String(http),
      GRPC_PORT: String(grpc),
      DEBUG_PORT: String(debug),
      RUNTIME_ROOT: join(folder, "runtime"),
      RUNTIME_WATCH_ROOT: "false",
      REDIS_SOCKET_TYPE: "tcp",
      REDIS_URL: `${loopback}:${redisPort}`,
    },
    isReady: (signal) => isOk(`http://${loopback}:${http}/healthcheck`, signal),
  });
  t.teardown(() => service.stop());
  t.is(await (await fetch(`http://${loopback}:${http}/healthcheck`)).text(), "OK");
  const limits = await fetch(`http://${loopback}:${debug}/rlconfig`);
  t.is(limits.status, 200);
});
