import test from "ava";
import { eitherCluster, emergencyKey } from "../../../components/gateway/envoy/routes.ts";
import { ports } from "../../../components/gateway/names.ts";
import { engineCluster, externalCluster } from "../../../components/lib/migration/desired.ts";
import { call } from "../support/call.ts";
import { eventually } from "../support/eventually.ts";
import { goodPlan } from "../support/plan.ts";
import { type Plane, startPlane } from "../support/plane.ts";

/** The lever of docs/gateway.md: a proxy's own admin interface, when API server and controller are gone. */

let plane: Plane;
test.before(async () => {
  plane = await startPlane();
});
test.after.always(() => plane?.stop());

/** Clusters of class summary by kind, as its route names them. */
function clustersOf(name: string) {
  const one = goodPlan.gateway.taskClasses.find((each) => each.name === name);
  if (one?.dataClass !== "public") throw new Error(`no public class ${name}`);
  const [external] = one.backends.flatMap((each) =>
    each.kind === "external" ? [externalCluster(each.provider, each.model)] : [],
  );
  const [local] = one.backends.flatMap((each) =>
    each.kind === "local" ? [engineCluster(each.model)] : [],
  );
  if (external === undefined || local === undefined) throw new Error(`${name} has one kind`);
  return {
    external: eitherCluster(external, local),
    local: one.failover ? eitherCluster(local, external) : local,
  };
}

async function setRuntime(port: number, values: Readonly<Record<string, string>>) {
  const query = new URLSearchParams(values).toString();
  const answer = await fetch(`http://127.0.0.1:${port}/runtime_modify?${query}`, {
    method: "POST",
  });
  return { status: answer.status, text: await answer.text() };
}

async function seen() {
  const all = [...plane.providers.values()];
  const states = await Promise.all(all.map((each) => each.state()));
  return states.reduce((sum, { requests }) => sum + requests, 0);
}

test("the admin interface moves a class at once, and leaves it again", async (t) => {
  const { external, local } = clustersOf("summary");
  const [known] = goodPlan.gateway.taskClasses.filter(({ name }) => name === "summary");
  const shares = known?.backends.map(({ name, kind }) => [name, kind === "external" ? 0 : 100]);
  plane.share({ summary: Object.fromEntries(shares ?? []) });
  const ask = () => call(plane.open.port(ports.clients), { key: "key-summary" });
  const answeredInside = async () => {
    const outside = await seen();
    return (await ask()).status === 200 && (await seen()) === outside;
  };
  t.true(await eventually(answeredInside, (inside) => inside));
  const before = await seen();
  const admin = plane.open.port(ports.admin);
  const key = emergencyKey("summary");
  const moved = await setRuntime(admin, {
    [`${key}.${local}`]: "0",
    [`${key}.${external}`]: "100",
  });
  t.is(moved.status, 200, moved.text);
  for (let index = 0; index < 5; index++) t.is((await ask()).status, 200);
  t.is(await seen(), before + 5);
  await setRuntime(admin, { [`${key}.${local}`]: "", [`${key}.${external}`]: "" });
  for (let index = 0; index < 5; index++) t.is((await ask()).status, 200);
  t.is(await seen(), before + 5);
});

test("the closed proxy has no such lever", async (t) => {
  const answer = await setRuntime(plane.closed.port(ports.admin), { any: "1" });
  t.not(answer.status, 200);
});
