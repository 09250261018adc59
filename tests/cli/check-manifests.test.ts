import test from "ava";
import { command } from "../support/command.ts";
import { repository } from "../support/repository-copy.ts";
import { temporaryFolder } from "../support/temporary.ts";

const map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\n";

test("a misspelt namespace of inference is refused, since its objects would go unjudged", async (t) => {
  const folder = await temporaryFolder(t, { "map.yaml": map });
  const args = ["check", "--manifests", folder, "--inference-namespace", "shopp"];
  const { code, stderr } = await command(repository, args);
  t.is(code, 2);
  t.is(stderr, "--inference-namespace shopp: no object is in it; the objects are in shop\n");
});

test("a registry that is none is refused, since no image could ever be from it", async (t) => {
  const folder = await temporaryFolder(t, { "map.yaml": map });
  const args = ["check", "--manifests", folder, "--registry", "https://registry.example/"];
  const { code, stderr } = await command(repository, args);
  t.is(code, 2);
  t.regex(stderr, /^--registry https:\/\/registry\.example\/: must be a host name/);
});

test("files beside manifests that were not read are named", async (t) => {
  const folder = await temporaryFolder(t, {
    "values.yaml": "replicas: 1\n",
    "map.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b}\n",
  });
  const { stdout } = await command(repository, ["check", "--manifests", folder]);
  t.regex(stdout, /Not read:\n {4}- .*values\.yaml: values of a Helm chart/);
});

test("foreign manifests are checked without any stack, and a policy that undoes a default deny is refused by name", async (t) => {
  const folder = await temporaryFolder(t, {
    "base.yaml": `apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: default-deny, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
`,
    "extra.json": JSON.stringify({
      apiVersion: "v1",
      kind: "List",
      items: [
        {
          apiVersion: "networking.k8s.io/v1",
          kind: "NetworkPolicy",
          metadata: { name: "helpful", namespace: "shop" },
          spec: { podSelector: {}, policyTypes: ["Egress"], egress: [{}] },
        },
      ],
    }),
  });
  const { code, stdout } = await command(repository, ["check", "--manifests", folder]);
  t.is(code, 1);
  t.regex(
    stdout,
    /E05 \S+\n {6}NetworkPolicy shop\/helpful \(.*extra\.json:1\)\n {6}\S*spec\.egress\[0\]: /,
  );
  t.false(stdout.includes("NetworkPolicy shop/default-deny"));
});
