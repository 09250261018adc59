import test from "ava";
import { rules } from "../../policies/rules.ts";
import { command } from "../support/command.ts";
import { replaceOnce, repositoryCopy } from "../support/repository-copy.ts";

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
    before: "ingress: [{ from: peers(edge.from), ports:",
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
    file: "components/engines/vllm.ts",
    before: 'VLLM_NO_USAGE_STATS: "1",\n    DO_NOT_TRACK: "1",',
    after: "",
    object: "Deployment inference/llama-3-70b",
    at: "spec.template.spec.containers[0].env",
  },
  {
    policy: "A02",
    file: "components/engines/vllm.ts",
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
    before: "dependsOn: [secret, account, ...weights],",
    after: 'dependsOn: [secret, account, ...weights],\n        ignoreChanges: ["spec.template"],',
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

test("every family of policies has a program that breaks it", (t) => {
  const families = (ids: readonly string[]) => [...new Set(ids.map((id) => id.charAt(0)))];
  const inProgram = ["E", "W", "A", "C"];
  t.deepEqual(families(broken.map((one) => one.policy)), inProgram);
});
