import test from "ava";
import type { KubeClient } from "../../deploy/api/client.ts";
import { graphOf } from "../../policies/model/graph.ts";
import { type Laboratory, laboratory } from "../deploy/support/real-cluster.ts";
import { refusedByPodSecurity, refusedByPolicy } from "./admission-column.ts";
import { type StackName, variantId } from "./leak.ts";
import { asked, touched } from "./support/asked.ts";
import { type DryRun, dryRunOn, type Verdict } from "./support/dry-run.ts";
import { serveAny } from "./support/made-up-kinds.ts";
import { guard, prepare } from "./support/site.ts";
import { type RealStacks, realStacks, stackNames } from "./support/stacks.ts";
import { leaks } from "./table.ts";

/** Every variant with the objects it would bring to a cluster. */
interface Brought {
  readonly id: string;
  readonly stack: StackName;
  readonly unserved: string | undefined;
  readonly objects: ReturnType<typeof touched>;
}

interface Judgement extends Pick<Brought, "id" | "unserved"> {
  readonly verdict: Verdict;
}

/** Kinds that have really been written, and that no dry run changes without their resource version. */
const written: ReadonlySet<string> = new Set([
  "CustomResourceDefinition",
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
]);

let lab: Laboratory;
let stacks: RealStacks;
let client: KubeClient;
let kubeconfig: string;
let server: DryRun;
let brought: readonly Brought[];

test.before(async (t) => {
  // On a machine without the tools they are built first, which takes minutes.
  t.timeout(30 * 60_000);
  lab = await laboratory();
  stacks = await realStacks();
  brought = everything(stacks);
  ({ client, kubeconfig } = await lab.start("leaks"));
  server = await dryRunOn(kubeconfig);
  const all = brought.flatMap(({ objects }) => objects);
  await prepare(client, stacks.prod, all, lab.env);
});

test.after.always(async () => {
  await lab?.close();
});

function everything(from: RealStacks): readonly Brought[] {
  return leaks.flatMap((leak) =>
    leak.variants.map((variant) => ({
      id: variantId(leak, variant),
      stack: variant.stack,
      unserved: variant.unserved,
      objects: touched(variant, from),
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

async function verdictsOn(variants: readonly Brought[]): Promise<readonly Judgement[]> {
  const found: Judgement[] = [];
  for (const each of variants) {
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
  const found = await verdictsOn(brought);
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

/** Verdicts on variants, each behind the admission policies of its own stack. */
const guarded: Judgement[] = [];

test("no kind of the table is beyond the admission policies for want of a definition", async (t) => {
  const unserved = brought.filter((each) => each.unserved !== undefined);
  await serveAny(
    client,
    unserved.flatMap(({ objects }) => objects),
  );
  server = await dryRunOn(kubeconfig);
  const found = await verdictsOn(unserved);
  t.deepEqual(
    found.filter(({ verdict }) => verdict.by !== "accepted"),
    [],
  );
});

for (const name of stackNames) {
  test(`the admission policies of ${name} refuse nothing of ${name} as it is`, async (t) => {
    await guard(client, stacks[name]);
    const own = graphOf(stacks[name].graph).objects.filter(({ kind }) => !written.has(kind));
    const refused: string[] = [];
    for (const object of own.flatMap(asked)) {
      const { by, said } = await server.ask(object);
      if (by !== "accepted") refused.push(`${object.kind} ${object.name}: ${by} ${said}`);
    }
    t.deepEqual(refused, []);
    guarded.push(...(await verdictsOn(brought.filter(({ stack }) => stack === name))));
  });
}

test("the product's admission policies refuse what the admission column says", (t) => {
  t.is(guarded.length, brought.length);
  t.deepEqual(
    guarded.filter(({ verdict }) => ["invalid", "unserved"].includes(verdict.by)),
    [],
  );
  t.deepEqual(idsOf("pod-security"), refusedByPodSecurity);
  t.deepEqual(idsOf("policy"), refusedByPolicy);
});

/** In the order of the table; the stacks came one after the other. */
function idsOf(by: Verdict["by"]): readonly string[] {
  const ids = new Set(guarded.filter(({ verdict }) => verdict.by === by).map(({ id }) => id));
  return brought.map(({ id }) => id).filter((id) => ids.has(id));
}
