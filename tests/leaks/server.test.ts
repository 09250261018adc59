import test from "ava";
import type { KubeClient } from "../../deploy/api/client.ts";
import { type Laboratory, laboratory } from "../deploy/support/real-cluster.ts";
import { admissionObjects, refusedByPodSecurity, refusedByPolicy } from "./admission-column.ts";
import { variantId } from "./leak.ts";
import { asked, touched } from "./support/asked.ts";
import { type DryRun, dryRunOn, type Verdict } from "./support/dry-run.ts";
import { apply, inForce, prepare } from "./support/site.ts";
import { type RealStacks, realStacks } from "./support/stacks.ts";
import { leaks } from "./table.ts";

/** Every variant with the objects it would bring to a cluster. */
interface Brought {
  readonly id: string;
  readonly unserved: string | undefined;
  readonly objects: ReturnType<typeof touched>;
}

let lab: Laboratory;
let client: KubeClient;
let server: DryRun;
let brought: readonly Brought[];

test.before(async (t) => {
  // On a machine without the tools they are built first, which takes minutes.
  t.timeout(30 * 60_000);
  lab = await laboratory();
  const stacks = await realStacks();
  brought = everything(stacks);
  const started = await lab.start("leaks");
  client = started.client;
  server = await dryRunOn(started.kubeconfig);
  const all = brought.flatMap(({ objects }) => objects);
  await prepare(client, stacks.prod, all, lab.env);
});

test.after.always(async () => {
  await lab?.close();
});

function everything(stacks: RealStacks): readonly Brought[] {
  return leaks.flatMap((leak) =>
    leak.variants.map((variant) => ({
      id: variantId(leak, variant),
      unserved: variant.unserved,
      objects: touched(variant, stacks),
    })),
  );
}

/** What the server says of a variant: the first refusal of any of its objects. */
async function verdictOn({ objects }: Brought): Promise<Verdict> {
  const verdicts: Verdict[] = [];
  for (const object of objects.flatMap(asked)) verdicts.push(await server.ask(object));
  const order = ["invalid", "unserved", "pod-security", "policy"] as const;
  const worst = order.flatMap((by) => verdicts.filter((each) => each.by === by));
  return worst[0] ?? { by: "accepted", said: "" };
}

async function everyVerdict() {
  const found: { id: string; unserved: string | undefined; verdict: Verdict }[] = [];
  for (const each of brought) {
    found.push({ id: each.id, unserved: each.unserved, verdict: await verdictOn(each) });
  }
  return found;
}

test("the API server refuses what is malformed, so that its consent means something", async (t) => {
  const policy = {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    namespace: "inference",
    name: "malformed",
  };
  const metadata = { name: "malformed", namespace: "inference" };
  const { apiVersion, kind } = policy;
  for (const spec of [
    { podSelector: {}, egres: [] },
    { podSelector: {}, egress: [{ to: [{}] }] },
  ]) {
    const verdict = await server.ask({ ...policy, body: { apiVersion, kind, metadata, spec } });
    t.is(verdict.by, "invalid", verdict.said);
  }
});

test("an API server takes every object of the table, or Pod Security alone refuses its pod", async (t) => {
  const found = await everyVerdict();
  t.deepEqual(
    found
      .filter(({ verdict }) => verdict.by === "invalid")
      .map(({ id, verdict }) => [id, verdict.said]),
    [],
  );
  t.deepEqual(
    found.filter(({ verdict }) => verdict.by === "unserved").map(({ id }) => id),
    found.filter(({ unserved }) => unserved !== undefined).map(({ id }) => id),
  );
  t.deepEqual(
    found.filter(({ verdict }) => verdict.by === "pod-security").map(({ id }) => id),
    refusedByPodSecurity,
  );
  t.true(brought.filter(({ objects }) => objects.length > 0).length > 100);
});

test("the product's admission policies refuse what the admission column says", async (t) => {
  const objects = await admissionObjects();
  for (const object of objects) await apply(client, object);
  await inForce(objects, client);
  const found = objects.length === 0 ? [] : await everyVerdict();
  t.deepEqual(
    found.filter(({ verdict }) => verdict.by === "policy").map(({ id }) => id),
    refusedByPolicy,
  );
});
