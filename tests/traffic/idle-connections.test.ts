import type { TLSSocket } from "node:tls";
import test from "ava";
import { z } from "zod";
import { ports } from "../../components/gateway/names.ts";
import { run } from "../../tools/cluster/lib/run.ts";
import { eventually } from "../gateway/support/eventually.ts";
import { type Plane, type RunningProxy, startPlane } from "../gateway/support/plane.ts";
import { client, sendMany } from "./support/client.ts";
import { percentile } from "./support/figures.ts";
import { inForce } from "./support/in-force.ts";
import { openRaw } from "./support/raw.ts";

/** All with a handshake behind them, as a pool of a client keeps them. */
const connections = 10_000;
/** Those, and what proxy and test need beside them. */
const filesNeeded = connections + 500;
const { output } = await run("sh", ["-c", "ulimit -H -n"]);
const files = output.trim() === "unlimited" ? Number.POSITIVE_INFINITY : Number(output);
const enough = files >= filesNeeded;
const title = `${connections} idle connections hinder no request`;
let plane: Plane | undefined;

test.after.always(() => plane?.stop());

const memory = z.object({ allocated: z.coerce.number(), heap_size: z.coerce.number() });

async function mebibytes(proxy: RunningProxy): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${proxy.port(ports.admin)}/memory`);
  return memory.parse(await answer.json()).allocated / 2 ** 20;
}

async function openIdle(proxy: RunningProxy, count: number): Promise<readonly TLSSocket[]> {
  const sockets: TLSSocket[] = [];
  let begun = 0;
  const worker = async () => {
    while (begun < count) {
      begun++;
      const socket = await openRaw(proxy);
      socket.on("error", () => socket.destroy());
      sockets.push(socket);
    }
  };
  await Promise.all(Array.from({ length: 64 }, worker));
  return sockets;
}

(enough ? test : test.skip)(
  enough ? title : `${title} (needs ${filesNeeded} open files, the limit is ${files})`,
  async (t) => {
    t.timeout(180_000);
    const running = await started();
    const { open } = running;
    running.share({ chat: { own: 100, openai: 0 }, summary: { own: 100, azure: 0 } });
    await inForce(open, "summary", 100);
    const from = client(open, "key-summary", 8);
    t.teardown(() => from.close());
    await eventually(
      () => from.send(),
      ({ status }) => status === 200,
    );
    const median = async () => {
      const outcomes = await sendMany(from, 500, 8);
      t.deepEqual(new Set(outcomes.map(({ status }) => status)), new Set([200]));
      return percentile(
        outcomes.map(({ milliseconds }) => milliseconds),
        0.5,
      );
    };
    const [quiet, before] = [await median(), await mebibytes(open)];
    const begun = performance.now();
    const sockets = await openIdle(open, connections);
    t.teardown(() => {
      for (const socket of sockets) socket.destroy();
    });
    const opened = (performance.now() - begun) / 1000;
    const [busy, after] = [await median(), await mebibytes(open)];
    t.is(sockets.filter(({ destroyed }) => !destroyed).length, connections, "none was let go");
    t.log(`${connections} connections opened in ${opened.toFixed(1)} s`);
    t.log(`allocated ${before.toFixed(0)} MiB before, ${after.toFixed(0)} MiB with them`);
    t.log(`median of a request ${quiet.toFixed(1)} ms before, ${busy.toFixed(1)} ms with them`);
    t.true(after - before < 512, "a client can fill the memory of a proxy");
  },
);

async function started(): Promise<Plane> {
  plane = await startPlane();
  return plane;
}
