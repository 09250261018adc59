import test, { type ExecutionContext } from "ava";
import { eventually } from "../gateway/support/eventually.ts";
import { goodGateway, goodPlan, parsedGateway } from "../gateway/support/plan.ts";
import { type Plane, startPlane } from "../gateway/support/plane.ts";
import { type Client, client, sendMany } from "./support/client.ts";
import { answered, resetCounters } from "./support/counts.ts";
import { binomialBound } from "./support/figures.ts";
import { inForce } from "./support/in-force.ts";

/** The class `tickets` has two models here, as its shares are part of the stack and not of `traffic`. */
const [chat, summary, , contracts] = goodGateway.taskClasses;
const tickets = {
  name: "tickets",
  criticality: "medium",
  dataClass: "internal",
  backends: [
    { kind: "local", name: "own", model: "large" },
    { kind: "local", name: "second", model: "small" },
  ],
  weights: { expand: { own: 80, second: 20 } },
};
const plan = {
  ...goodPlan,
  gateway: parsedGateway({ ...goodGateway, taskClasses: [chat, summary, tickets, contracts] }),
};
const sample = 2_000;
let plane: Plane;

test.before(async () => {
  plane = await startPlane(plan);
});
test.after.always(() => plane.stop());

interface Split {
  readonly own: string;
  readonly other: string;
  readonly percent: number;
}

/** Counts at the simulators: what the gateway says of itself proves nothing. */
async function isWithinBound(t: ExecutionContext, from: Client, split: Split): Promise<boolean> {
  await resetCounters(plane);
  const outcomes = await sendMany(from, sample, 100);
  t.deepEqual([...new Set(outcomes.map(({ status }) => status))], [200]);
  const counts = await answered(plane);
  const [own = 0, other = 0] = [counts[split.own], counts[split.other]];
  t.is(own + other, sample, "one request is one request, and no third backend has any");
  const { lowest, highest } = binomialBound(sample, split.percent);
  t.log(
    `${own} of ${sample} for ${split.percent} %, bound ${lowest.toFixed(1)} to ${highest.toFixed(1)}`,
  );
  return own >= lowest && own <= highest;
}

/** One sample in a thousand lies outside by chance, two in a row one in a million. */
async function expectSplit(t: ExecutionContext, from: Client, split: Split): Promise<void> {
  t.teardown(() => from.close());
  const good = (await isWithinBound(t, from, split)) || (await isWithinBound(t, from, split));
  t.true(good);
}

const classes = {
  chat: { key: "key-chat", outside: "openai" },
  summary: { key: "key-summary", outside: "azure" },
} as const;

for (const [name, { key, outside }] of Object.entries(classes)) {
  for (const percent of [10, 50, 80]) {
    test.serial(`${name}: ${percent} % of the requests go to the model of one's own`, async (t) => {
      plane.share({ [name]: { own: percent, [outside]: 100 - percent } });
      const from = client(plane.open, key, 100);
      await inForce(plane.open, name, percent);
      await expectSplit(t, from, { own: "engine-large", other: `provider-${outside}`, percent });
    });
  }
}

test.serial("tickets: a class that is closed is split as its stack says", async (t) => {
  const from = client(plane.closed, "key-tickets", 100);
  await eventually(
    () => from.send(),
    ({ status }) => status === 200,
  );
  await expectSplit(t, from, { own: "engine-large", other: "engine-small", percent: 80 });
});
