import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { stringify } from "yaml";
import { parseCidr } from "../../components/lib/cidr.ts";
import { ensureCertificates } from "../../tools/cluster/control-plane/certificates.ts";
import { writeKubeconfigs } from "../../tools/cluster/control-plane/kubeconfig.ts";
import { clusterLayout } from "../../tools/cluster/control-plane/layout.ts";
import { matchingRecord, serverUrl } from "../../tools/cluster/control-plane/record.ts";
import { ownsKubeconfig } from "../../tools/cluster/ownership.ts";
import { sandbox } from "./support/sandbox.ts";

const ranges = { podCidr: "10.244.0.0/16", serviceCidr: "10.96.0.0/16" };
const home = await sandbox();
const env = { XDG_STATE_HOME: join(home.folder, "here") };
const elsewhere = { XDG_STATE_HOME: join(home.folder, "elsewhere") };

/** The files of a cluster, without its processes. */
async function files(name: string, where: NodeJS.ProcessEnv) {
  const layout = clusterLayout(name, where);
  await mkdir(layout.root, { recursive: true });
  const record = await matchingRecord(layout, name, ranges);
  await ensureCertificates(layout.pki, parseCidr(ranges.serviceCidr));
  await writeKubeconfigs(layout, record);
  return { layout, server: serverUrl(record) };
}

const dev = await files("dev", env);
const foreignDev = await files("dev", elsewhere);

test.after.always("the sandbox is removed", home.remove);

test("the kubeconfig of a cluster made here is recognised", async (t) => {
  t.deepEqual(await ownsKubeconfig(dev.layout.kubeconfig, { env }), {
    kind: "owned",
    name: "dev",
    server: dev.server,
  });
});

test("a kubeconfig of another origin is refused with the place it points at", async (t) => {
  const path = join(home.folder, "production");
  const config = {
    "current-context": "prod",
    contexts: [{ name: "prod", context: { cluster: "prod", user: "me" } }],
    clusters: [{ name: "prod", cluster: { server: "https://10.0.0.1:6443" } }],
  };
  await writeFile(path, stringify(config));
  t.deepEqual(await ownsKubeconfig(path, { env }), {
    kind: "foreign",
    server: "https://10.0.0.1:6443",
    reason: `context "prod" in ${path} points at https://10.0.0.1:6443, which this tool did not make`,
  });
});

test("the mark alone proves nothing: a cluster of the same name from elsewhere is refused", async (t) => {
  const { kubeconfig } = foreignDev.layout;
  t.deepEqual(await ownsKubeconfig(kubeconfig, { env }), {
    kind: "foreign",
    server: foreignDev.server,
    reason:
      `context "private-llm-dev" in ${kubeconfig} points at ${foreignDev.server}; it carries the mark ` +
      'of cluster "dev", but that one is a different cluster (its own context is "private-llm-dev")',
  });
});

test("a marked kubeconfig whose cluster is gone is refused", async (t) => {
  const nowhere = { XDG_STATE_HOME: join(home.folder, "nowhere") };
  const result = await ownsKubeconfig(dev.layout.kubeconfig, { env: nowhere });
  t.like(result, { kind: "foreign", server: dev.server });
  t.regex(result.kind === "foreign" ? result.reason : "", /but no such cluster is here/);
});

test("a context that the file does not have is refused", async (t) => {
  const { kubeconfig } = dev.layout;
  t.deepEqual(await ownsKubeconfig(kubeconfig, { env, context: "prod" }), {
    kind: "foreign",
    reason: `${kubeconfig} has no context "prod" with a cluster`,
  });
});

test("a file that is no kubeconfig is refused", async (t) => {
  const path = join(home.folder, "list");
  await writeFile(path, "- 1\n");
  t.deepEqual(await ownsKubeconfig(path, { env }), {
    kind: "foreign",
    reason: `${path} is not a kubeconfig`,
  });
});
