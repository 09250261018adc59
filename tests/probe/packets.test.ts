import test from "ava";
import { selectorLabels, workloadLabels } from "../../components/lib/labels.ts";
import { ofType } from "../components/eks-fixture.ts";
import { deployStack } from "../components/lib/platform-stack.ts";
import { type Holes, nftRules, type Policy, policySchema } from "./nft-reference.ts";
import { holes, weakened } from "./support/holes.ts";
import { type Laboratory, laboratory } from "./support/laboratory.ts";
import { obstacle } from "./support/requirements.ts";
import { world } from "./support/topology.ts";

// Real packets between network namespaces that this file makes, behind the network policies of stack
// dev. The rules that stand in for a network plugin come from nft-reference.ts: what is green here shows
// that the probe sees leaks, never that a plugin has none.
const reason = obstacle();
const withPackets = reason === undefined ? test : test.skip;
const why = reason === undefined ? "" : ` (${reason})`;

let lab: Laboratory;
let policies: readonly Policy[];

test.before("build the rooms", async (t) => {
  if (reason !== undefined) return;
  t.timeout(120_000);
  policies = ofType(await deployStack("dev"), "NetworkPolicy").map(({ inputs }) =>
    policySchema.parse(inputs),
  );
  lab = await laboratory(selectorLabels(workloadLabels("vllm", "llama-3-70b")));
});

test.after.always("remove the rooms", async () => {
  // Undefined where nothing was built, whatever its type says.
  if (reason === undefined) await lab?.close();
});

/** Puts the walls up, with or without holes. */
async function walls(left: Holes = {}, kept: readonly Policy[] = policies): Promise<void> {
  await lab.topology.filter(nftRules(kept, Object.values(lab.topology.places), left));
  await lab.topology.arrived();
}

/** One sound pair of runs and what the world saw, made once: tests of records only change copies of it. */
const soundPair = once(async () => {
  await walls();
  const closeWorld = await lab.openWorld();
  const probe = await lab.probe();
  const arrived = await lab.topology.arrived();
  const control = await lab.control();
  const texts = { probe: probe.text, control: control.text, witness: await closeWorld() };
  return { probe, arrived, texts };
});

withPackets(`the control gets through over every protocol and family${why}`, async (t) => {
  await walls();
  const closeWorld = await lab.openWorld();
  const { code, record, message } = await lab.control();
  await closeWorld();
  t.is(code, 0);
  t.is(record.verdict.result, "passed", record.verdict.reasons.join("\n"));
  t.regex(message, /^control [0-9a-f]{16}: passed$/);
});

withPackets(`behind the walls nothing comes back and no packet arrives${why}`, async (t) => {
  const { probe, arrived, texts } = await soundPair();
  t.is(arrived, 0);
  t.is(probe.code, 0);
  t.is(probe.record.verdict.result, "green", probe.record.verdict.reasons.join("\n"));
  t.true(probe.record.attempts.length > 80, `${probe.record.attempts.length} attempts`);
  t.true(probe.milliseconds < 10_000, `${probe.milliseconds} ms`);
  const { code, result, reasons, witness } = await lab.verify(texts);
  t.deepEqual({ code, result, reasons }, { code: 0, result: "valid", reasons: [] });
  t.regex(witness, /^the witness got 0 messages of the probe, [1-9]\d+ of the control/);
});

withPackets(`the count at the other end sees a packet of the pod${why}`, async (t) => {
  await walls({ outward: [`ip daddr ${world.v4} udp dport 443`] });
  const closeWorld = await lab.openWorld();
  await lab.probe();
  await closeWorld();
  t.true((await lab.topology.arrived()) > 0);
});

withPackets(`what the stack allows still works behind the walls${why}`, async (t) => {
  await walls();
  const { pod } = lab.topology.places;
  const script = `
    const socket = require("node:net").connect({ host: "${pod.v4}", port: 8000, timeout: 400 });
    socket.on("error", (error) => { console.log(error.code); socket.destroy(); });
    socket.on("timeout", () => { console.log("silence"); socket.destroy(); });`;
  const connect = async (room: "gateway" | "open") =>
    (await lab.topology.run(room, [process.execPath, "-e", script])).stdout.trim();
  // Nobody listens, so a refusal is the sign of a way.
  t.is(await connect("gateway"), "ECONNREFUSED");
  t.is(await connect("open"), "silence");
});

withPackets(`walls that come up know no exchange from before${why}`, async (t) => {
  const node = (script: string) => [process.execPath, "-e", script];
  const echo = lab.topology.start(
    "world",
    node(`
    const socket = require("node:dgram").createSocket("udp4");
    socket.on("message", (bytes, { port, address }) => socket.send(bytes, port, address));
    socket.bind(7000, "${world.v4}", () => console.log("ready"));`),
  );
  t.teardown(() => echo.kill());
  await new Promise((resolve) => echo.stdout?.once("data", resolve));
  // One source port for both, as two tests in a row may choose it by chance.
  const script = `
    const socket = require("node:dgram").createSocket("udp4");
    socket.bind(40000, () => socket.send("hello", 7000, "${world.v4}"));
    socket.on("message", () => { console.log("answered"); process.exit(); });
    setTimeout(() => { console.log("silence"); process.exit(); }, 400);`;
  const ask = async () => (await lab.topology.run("pod", node(script))).stdout.trim();
  await walls({ outward: [`ip daddr ${world.v4} udp dport 7000`] });
  t.is(await ask(), "answered");
  await walls();
  t.is(await ask(), "silence");
});

for (const { title, outward, seen } of holes) {
  withPackets(`red: ${title} is open${why}`, async (t) => {
    await walls({ outward: [outward] });
    const closeWorld = await lab.openWorld();
    const { code, record } = await lab.probe();
    await closeWorld();
    t.is(code, 1);
    t.is(record.verdict.result, "red");
    t.true(
      record.verdict.reasons.some((line) => seen.test(line)),
      record.verdict.reasons.join("\n"),
    );
  });
}

for (const { title, change } of weakened) {
  withPackets(`red: stack dev ${title}${why}`, async (t) => {
    await walls({}, policies.flatMap(change));
    const closeWorld = await lab.openWorld();
    const { code, record } = await lab.probe();
    await closeWorld();
    t.is(code, 1, record.verdict.reasons.join("\n"));
  });
}

withPackets(`a second network is seen although the walls hold${why}`, async (t) => {
  await walls();
  await lab.topology.addSideNetwork();
  t.teardown(() => lab.topology.removeSideNetwork());
  const closeWorld = await lab.openWorld();
  const { code, record } = await lab.probe();
  await closeWorld();
  t.is(code, 1);
  t.regex(record.verdict.reasons[0] ?? "", /^interface: ipv4 tcp to \S+ port 53 through net1: /);
  t.true(record.verdict.gaps.some((gap) => gap.startsWith("interface net1: ")));
});

withPackets(
  `datagrams that leave and whose answers are lost need the other side${why}`,
  async (t) => {
    const { pod } = lab.topology.places;
    await walls({
      outward: [`ip daddr ${world.v4} udp dport 443`],
      lost: [`ip daddr ${pod.v4} udp sport 443`],
    });
    const closeWorld = await lab.openWorld();
    const probe = await lab.probe();
    t.true((await lab.topology.arrived()) > 0);
    const control = await lab.control();
    const records = { probe: probe.text, control: control.text };
    const witness = await closeWorld();
    // The probe itself cannot know, and says so.
    t.is(probe.record.verdict.result, "green");
    const alone = await lab.verify(records);
    t.is(alone.result, "valid");
    t.true(alone.gaps.some((gap) => gap.startsWith("no witness: one way out")));
    const seen = await lab.verify({ ...records, witness });
    t.deepEqual([seen.code, seen.result], [1, "red"]);
    t.deepEqual(seen.reasons, ["the witness got 3 messages of the probe"]);
  },
);

withPackets(`a router's refusal is neither green nor red${why}`, async (t) => {
  // The node has no way to one metadata address and says so instead of dropping.
  await lab.topology.run("node", ["ip", "route", "add", "unreachable", "168.63.129.16"]);
  t.teardown(() => lab.topology.run("node", ["ip", "route", "delete", "168.63.129.16"]));
  await walls({ outward: ["ip daddr 168.63.129.16"] });
  const { code, record } = await lab.probe();
  t.is(code, 3);
  t.is(record.verdict.result, "undecided");
  t.regex(
    record.verdict.reasons[0] ?? "",
    /168\.63\.129\.16 .*a router or the network plugin said no/,
  );
});

withPackets(
  `a probe without a world is invalid, since a dead network looks the same${why}`,
  async (t) => {
    await walls();
    await lab.topology.cutWorld(true);
    const [probe, control] = [await lab.probe(), await lab.control()];
    await lab.topology.cutWorld(false);
    t.is(probe.code, 0);
    t.is(control.code, 3);
    const { code, result, reasons } = await lab.verify({
      probe: probe.text,
      control: control.text,
    });
    t.deepEqual([code, result], [3, "invalid"]);
    t.true(
      reasons.includes(
        "control: nothing got through of world over ipv4 tcp, which the plan requires",
      ),
    );
  },
);

withPackets(`a record that was changed is refused${why}`, async (t) => {
  const { texts } = await soundPair();
  for (const [before, after] of [
    ['"outcome":"blocked"', '"outcome":"sent"'],
    ['"namespace":"inference"', '"namespace":"gateway"'],
    ['"result":"green"', '"result":"red"'],
  ] as const) {
    const probe = texts.probe.replace(before, () => after);
    t.not(probe, texts.probe);
    const { code, result, reasons } = await lab.verify({ ...texts, probe });
    t.deepEqual([code, result], [3, "invalid"], before);
    t.regex(reasons[0] ?? "", /^probe: the signature is by none of the keys given/);
  }
});

withPackets(`a probe without its control is invalid${why}`, async (t) => {
  const { probe } = (await soundPair()).texts;
  const { code, result, reasons } = await lab.verify({ probe });
  t.deepEqual([code, result], [3, "invalid"]);
  t.regex(reasons.join("\n"), /^no control: /);
});

withPackets(
  `a control cannot stand in for a probe, nor a probe for its control${why}`,
  async (t) => {
    const { probe, control } = (await soundPair()).texts;
    const twice = await lab.verify({ probe: control, control });
    t.deepEqual([twice.result, twice.reasons], ["invalid", ["probe: is the record of a control"]]);
    const same = await lab.verify({ probe, control: probe });
    t.deepEqual([same.result, same.reasons], ["invalid", ["control: is the record of a probe"]]);
  },
);

withPackets(`a control of another time is invalid${why}`, async (t) => {
  const { texts } = await soundPair();
  const { code, result, reasons } = await lab.verify({ ...texts, more: ["--max-gap", "0s"] });
  t.deepEqual([code, result], [3, "invalid"]);
  t.regex(reasons[0] ?? "", /apart, more than 0s/);
});

/** Makes a value when it is first wanted. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
