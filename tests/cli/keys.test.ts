import test from "ava";
import { z } from "zod";
import type { KubeClient } from "../../deploy/api/client.ts";
import { deploy, make, prepare } from "../controller/support/cluster.ts";
import { commandOn } from "../controller/support/command-on.ts";
import { get, type Laboratory, laboratory, textAt } from "../deploy/support/real-cluster.ts";
import { desiredOf } from "../migration/support/desired.ts";

let lab: Laboratory;
let client: KubeClient;
let kubeconfig: string;

test.before(async (t) => {
  t.timeout(30 * 60_000);
  lab = await laboratory();
  ({ client, kubeconfig } = await lab.start("keys"));
  await prepare(client);
});

test.after.always(async () => {
  await lab?.close();
});

function keys(...args: readonly string[]) {
  return commandOn("keys", kubeconfig, "keys", ...args);
}

async function entry(name: string): Promise<string> {
  const secret = await get(client, "/api/v1/namespaces/gateway/secrets/gateway-keys");
  return Buffer.from(textAt(secret, "data", name), "base64").toString();
}

const issued = z.object({ id: z.string(), key: z.string(), proxy: z.string(), by: z.string() });

test("without a gateway no key can be issued", async (t) => {
  const { code, stderr } = await keys("issue", "--team=a", "--class=log-analysis");
  t.is(code, 2);
  t.regex(
    stderr,
    /ConfigMap gateway\/gateway-desired does not exist: this cluster runs no gateway/,
  );
  await deploy(client, desiredOf());
});

test("a key is shown once and then known by its id alone", async (t) => {
  const { code, stdout, stderr } = await keys("issue", "--team=search", "--class=log-analysis");
  t.is(code, 0, stderr);
  const [key = ""] = /^pllm_[\w-]{43}$/m.exec(stdout) ?? [];
  t.not(key, "");
  t.true((await entry("gateway.json")).includes(key));
  t.false((await entry("gateway-closed.json")).includes(key));
  const list = await keys("list");
  t.regex(list.stdout, /k-[0-9a-f]{8} +search +log-analysis +[0-9a-f]{16} .* private-llm-admin/);
  t.false(`${list.stdout}${await entry("keys.json")}`.includes(key));
});

test("keys that are issued at once are all there, and a second outlives the first", async (t) => {
  const said = await Promise.all(
    ["a", "b", "c"].map((team) =>
      keys("issue", `--team=${team}`, "--class=contract-review", "--json"),
    ),
  );
  const all = said.map(({ stdout }) => issued.parse(JSON.parse(stdout)));
  const file = await entry("gateway-closed.json");
  for (const { key, proxy } of all) {
    t.true(file.includes(key));
    t.is(proxy, "gateway-closed");
  }
  const [first, second] = all;
  const { code } = await keys("revoke", first?.id ?? "");
  t.is(code, 0);
  const rest = await entry("gateway-closed.json");
  t.false(rest.includes(first?.key ?? ""));
  t.true(rest.includes(second?.key ?? ""));
});

test("the pods of the proxies are told, others are not", async (t) => {
  const pod = (name: string, label: string) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, labels: { "app.kubernetes.io/name": label } },
    spec: { containers: [{ name: "a", image: "a" }] },
  });
  const place = "/api/v1/namespaces/gateway/pods";
  await make(client, place, pod("gateway-1", "gateway"));
  await make(client, place, pod("egress-1", "gateway-egress"));
  const { stdout } = await keys("issue", "--team=search", "--class=log-analysis");
  t.regex(stdout, /1 gateway pods were told/);
  const told = async (name: string) =>
    textAt(
      await get(client, `${place}/${name}`),
      "metadata",
      "annotations",
      "private-llm/keys-changed",
    );
  t.not(await told("gateway-1"), "");
  t.is(await told("egress-1"), "");
});

const faults: readonly (readonly [readonly string[], RegExp])[] = [
  [["issue", "--team=a"], /issue needs --team and --class/],
  [
    ["issue", "--team=a", "--class=x"],
    /--class x: no task class of this stack; classes are log-analysis/,
  ],
  [["issue", "--team=A/b", "--class=log-analysis"], /write small letters, digits and hyphens/],
  [["revoke", "k-00000000"], /no key has the id k-00000000; see keys list/],
  [["revoke"], /revoke needs one id/],
  [["steal"], /"steal" is no command/],
];

for (const [args, text] of faults) {
  test(`refused: keys ${args.join(" ")}`, async (t) => {
    const { code, stderr } = await keys(...args);
    t.is(code, 2);
    t.regex(stderr, text);
  });
}
