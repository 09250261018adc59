import { readFile, writeFile } from "node:fs/promises";
import * as path from "node:path";
import test from "ava";
import { rules } from "../../policies/rules.ts";
import { command } from "../support/command.ts";
import { replaceOnce, repository, repositoryCopy } from "../support/repository-copy.ts";
import { temporaryFolder } from "../support/temporary.ts";

const charts = path.join(repository, "tests/fixtures/charts");

test("dev is clean without any chart", async (t) => {
  const { code, stdout } = await command(repository, ["check", "dev"]);
  t.is(code, 0);
  t.regex(stdout, /dev: clean \(\d+\.\d\d s\)\n$/);
});

test("all stacks are clean with the fixture charts", async (t) => {
  const { code, stdout } = await command(repository, ["check", "--charts", charts]);
  t.is(code, 0);
  t.deepEqual(
    [...stdout.matchAll(/^(\S+): (\w+) \(/gm)].map(([, stack, verdict]) => `${stack} ${verdict}`),
    ["dev clean", "prod clean", "staging clean", "staging-cluster clean"],
  );
});

for (const stack of ["staging", "prod"]) {
  test(`${stack} is undecided without charts`, async (t) => {
    const { code, stdout } = await command(repository, ["check", stack]);
    t.is(code, 3);
    t.true(stdout.includes("gpu-operator v26.7.0: no folder of charts was given"));
    t.true(stdout.includes(`${stack}: undecided`));
  });
}

test("charts can be given by CHARTS_DIR as well", async (t) => {
  const { code } = await command(repository, ["check", "staging"], { CHARTS_DIR: charts });
  t.is(code, 0);
});

test("the policy pack as its own process finds the same", async (t) => {
  const { code, stdout } = await command(repository, [
    "check",
    "prod",
    "--charts",
    charts,
    "--pack",
  ]);
  t.is(code, 0);
  t.true(stdout.includes("Policy pack as a process: finds the same"));
});

/** Each breaks one policy in the program itself, as a careless change would. */
const broken: readonly {
  policy: string;
  file: string;
  before: string;
  after: string;
  object: string;
  at: string;
}[] = [
  {
    policy: "E04",
    file: "components/isolation/network-policies.ts",
    before: 'spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] }',
    after: 'spec: { podSelector: {}, policyTypes: ["Ingress"] }',
    object: "Namespace inference",
    at: "metadata.name",
  },
  {
    policy: "E05",
    file: "components/isolation/network-policies.ts",
    before: "ingress: [{ from: [peer(edge.from)], ports:",
    after: 'ingress: [{ from: [{ ipBlock: { cidr: "0.0.0.0/0" } }], ports:',
    object: "NetworkPolicy inference/",
    at: "spec.ingress[0].from[0].ipBlock.cidr",
  },
  {
    policy: "W01",
    file: "components/model-server/deployment.ts",
    before: "allowPrivilegeEscalation: false",
    after: "allowPrivilegeEscalation: true",
    object: "Deployment inference/llama-3-70b",
    at: "spec.template.spec.containers[0].securityContext.allowPrivilegeEscalation",
  },
  {
    policy: "W03",
    file: "components/model-server/deployment.ts",
    before: "automountServiceAccountToken: false,",
    after: "automountServiceAccountToken: true,",
    object: "Deployment inference/llama-3-70b",
    at: "spec.template.spec.automountServiceAccountToken",
  },
  {
    policy: "W04",
    file: "components/lib/images.ts",
    before: "@${image.digest}`",
    after: ":${image.tag}`",
    object: "Deployment inference/llama-3-70b",
    at: "spec.template.spec.containers[0].image",
  },
  {
    policy: "A01",
    file: "components/model-server/vllm.ts",
    before: 'VLLM_NO_USAGE_STATS: "1",\n    DO_NOT_TRACK: "1",',
    after: "",
    object: "Deployment inference/llama-3-70b",
    at: "spec.template.spec.containers[0].env",
  },
  {
    policy: "A02",
    file: "components/model-server/vllm.ts",
    before: 'HF_HUB_OFFLINE: "1"',
    after: 'HF_HUB_OFFLINE: "0"',
    object: "Deployment inference/llama-3-70b",
    at: "spec.template.spec.containers[0].env[",
  },
  {
    policy: "C01",
    file: "components/model-server/model-server.ts",
    before: "podArgs(name, args, this.apiKeySecret)",
    after: "{ ...podArgs(name, args, this.apiKeySecret), image: apiKey.result }",
    object: "Deployment inference/llama-3-70b",
    at: "spec.template.spec.containers[0].image",
  },
  {
    policy: "C02",
    file: "components/model-server/model-server.ts",
    before: "dependsOn: [secret, account, claim],",
    after: 'dependsOn: [secret, account, claim],\n        ignoreChanges: ["spec.template"],',
    object: "Deployment inference/llama-3-70b",
    at: "ignoreChanges",
  },
];

for (const { policy, file, before, after, object, at } of broken) {
  test(`a program that breaks ${policy} ends in exit 1 with policy, resource, path and remedy`, async (t) => {
    const folder = await repositoryCopy(t);
    await replaceOnce(folder, file, before, after);
    const { code, stdout, stderr } = await command(folder, ["check", "dev"]);
    t.is(code, 1, stderr);
    const remedy = rules.find((rule) => rule.id === policy)?.name;
    t.truthy(remedy);
    const blocks = stdout
      .split("    - [")
      .filter((block) => block.includes(`] ${policy} ${remedy}`));
    const hit = blocks.find((block) => block.includes(object) && block.includes(at));
    t.truthy(hit, stdout.slice(stdout.indexOf("Policies:")));
    t.regex(hit ?? "", /\n {6}Remedy: \S/);
  });
}

test("every policy of the pack has a program that breaks it", (t) => {
  t.deepEqual(rules.map((rule) => rule.id).toSorted(), broken.map((one) => one.policy).toSorted());
});

test("a misconfigured stack ends in exit 2 and names every fault", async (t) => {
  const folder = await repositoryCopy(t);
  const file = "stacks/Pulumi.dev.yaml";
  await replaceOnce(folder, file, "gpus: 8", "gpus: 16");
  await replaceOnce(
    folder,
    file,
    "private-llm:models:",
    "private-llm:modles: 1\n  private-llm:models:",
  );
  const { code, stderr } = await command(folder, ["check", "dev"]);
  t.is(code, 2);
  t.is(
    stderr,
    `stacks/Pulumi.dev.yaml: the stack is misconfigured (3 faults)
  private-llm:models[0].gpus: 16 does not divide the 64 attention heads and 8 key-value heads of llama-3-70b-instruct; use 1, 2, 4 or 8
  private-llm:modles: unknown key; check its spelling and its place (docs/configuration.md)
  private-llm:models[0].gpus: 16 GPUs per replica, but no node has more than 8; lower gpus or choose larger nodes
`,
  );
});

test("an encrypted value does not disturb a check", async (t) => {
  const folder = await repositoryCopy(t);
  const file = path.join(folder, "stacks/Pulumi.prod.yaml");
  await writeFile(
    file,
    `${await readFile(file, "utf8")}  private-llm:kubeconfig:\n    secure: v1:AAAA:BBBB\n  aws:token:\n    secure: v1:AAAA:BBBB\n`,
  );
  const { code, stdout } = await command(folder, ["check", "prod", "--charts", charts]);
  t.is(code, 0, stdout);
});

test("encrypted settings of the rules leave a stack undecided", async (t) => {
  const folder = await repositoryCopy(t);
  await replaceOnce(
    folder,
    "stacks/Pulumi.dev.yaml",
    "private-llm:registry:\n    host: registry.dev.example.internal",
    "private-llm:registry:\n    secure: v1:AAAA:BBBB",
  );
  const { code, stdout } = await command(folder, ["check", "dev"]);
  t.is(code, 3);
  t.true(stdout.includes("private-llm:registry is encrypted"));
});

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

const usage: readonly { title: string; args: string[]; message: RegExp }[] = [
  {
    title: "an unknown stack",
    args: ["nope"],
    message: /^no stack file for nope; stacks of this repository: dev, /,
  },
  { title: "an unknown option", args: ["--nope"], message: /^Unknown option '--nope'/ },
  {
    title: "an unknown format",
    args: ["--format", "xml"],
    message: /^--format xml is unknown; choose text, json, /,
  },
  {
    title: "a missing chart folder",
    args: ["--charts", "/nowhere"],
    message: /^--charts \/nowhere: does not exist; give a folder that holds charts/,
  },
  {
    title: "a report in the place of a folder",
    args: ["dev", "--out", "."],
    message: /^--out \.: cannot be written \(EISDIR\); name another place$/m,
  },
  {
    title: "a chart folder beside manifests",
    args: ["--manifests", ".", "--pack"],
    message: /^--pack and --charts go with stacks, not with --manifests/,
  },
  {
    title: "a stack beside manifests",
    args: ["dev", "--manifests", "."],
    message: /^--manifests reads no stack; leave out dev/,
  },
];

for (const { title, args, message } of usage) {
  test(`exit 2 and a remedy: ${title}`, async (t) => {
    const { code, stdout, stderr } = await command(repository, ["check", ...args]);
    t.is(code, 2);
    t.is(stdout, "");
    t.regex(stderr, message);
  });
}

test("a report can go to a file in a folder that does not exist yet", async (t) => {
  const folder = await temporaryFolder(t);
  const out = path.join(folder, "reports/check.sarif");
  const { code, stdout } = await command(repository, [
    "check",
    "dev",
    "--format",
    "sarif",
    "--out",
    out,
  ]);
  t.is(code, 0);
  t.is(stdout, "");
  t.like(JSON.parse(await readFile(out, "utf8")), { version: "2.1.0" });
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
