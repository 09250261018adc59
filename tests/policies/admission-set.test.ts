import test from "ava";
import { admissionSet } from "../../policies/admission/admission-set.ts";
import { list, pattern, quoted, text } from "../../policies/admission/cel.ts";
import { fingerprintAnnotation } from "../../policies/admission/witness.ts";
import type { Settings } from "../../policies/model/settings.ts";
import { strictSettings } from "../../policies/settings/strict-settings.ts";
import { settings } from "./good-graph.ts";

const entries = admissionSet(settings);
const validations = entries.flatMap(({ policy }) => policy.spec.validations);

function changed(more: Partial<Settings>): string {
  return JSON.stringify(admissionSet({ ...settings, ...more }));
}

test("every policy fails closed, denies, and has one binding of its own name", (t) => {
  for (const { policy, binding } of entries) {
    t.is(policy.spec.failurePolicy, "Fail");
    t.is(policy.spec.matchConstraints.matchPolicy, "Equivalent");
    t.is(binding.metadata.name, policy.metadata.name);
    t.deepEqual(binding.spec, {
      policyName: policy.metadata.name,
      validationActions: ["Deny"],
    });
  }
  const names = entries.map(({ policy }) => policy.metadata.name);
  t.is(new Set(names).size, names.length);
  t.deepEqual(names, names.toSorted(), "the witness comes last by its name alone");
});

test("every refusal names a rule, a problem and a remedy, in one line and in both messages", (t) => {
  for (const { message, messageExpression } of validations) {
    t.regex(message, /^[EWAC]\d\d: [a-z].*\. Remedy: [a-z][^.]*(?:\.[^.]+)*[^.]$/);
    t.false(message.includes("\n"));
    const [rule = "", rest = ""] = message.split(": ", 2);
    t.true(messageExpression.startsWith(`"${rule}: " + `), messageExpression);
    t.true(messageExpression.includes(JSON.stringify(rest).slice(1, -1).slice(0, 40)));
  }
});

test("what namespaces a policy guards is decided by their immutable name alone", (t) => {
  for (const { name, policy } of entries) {
    const { namespaceSelector } = policy.spec.matchConstraints;
    const [expression, ...more] = namespaceSelector.matchExpressions ?? [];
    t.deepEqual(more, []);
    if (expression === undefined) {
      t.true(["namespaces", "tier-policies", "volumes"].includes(name), name);
    } else {
      t.is(expression.key, "kubernetes.io/metadata.name");
      const ofGateway = ["traffic-records", "gateway-policies"].includes(name);
      t.true(expression.values.includes(ofGateway ? "gateway" : "inference"), name);
    }
  }
});

test("without a stack that names its namespaces there is nothing to guard", (t) => {
  t.deepEqual(admissionSet(strictSettings), []);
});

test("the fingerprint follows the content and not the order in which settings were given", (t) => {
  const fingerprint = (more: Partial<Settings>) =>
    admissionSet({ ...settings, ...more }).at(-1)?.policy.metadata.annotations?.[
      fingerprintAnnotation
    ];
  const groups = (...names: readonly string[]) => ({ breakGlassGroups: new Set(names) });
  t.is(fingerprint(groups("a", "b")), fingerprint(groups("b", "a")));
  t.not(fingerprint(groups("a", "b")), fingerprint(groups("a")));
  t.not(fingerprint({ registry: "other.internal" }), fingerprint({}));
});

test("each setting that a rule reads reaches the policies", (t) => {
  const plain = changed({});
  const { policies } = settings;
  const differences: readonly Partial<Settings>[] = [
    { registry: "other.internal" },
    { inferenceNamespaces: new Set(["models"]) },
    { gatewayNamespace: "edge" },
    { monitoringNamespace: "metrics" },
    { breakGlassGroups: new Set(["others"]) },
    { network: settings.network && { ...settings.network, podCidr: "10.245.0.0/16" } },
    { policies: { ...policies, allowedEgress: [] } },
    {
      policies: {
        ...policies,
        exceptions: [
          {
            policy: "W04",
            object: "Deployment inference/odd",
            reason: "moved next month",
            owner: "platform",
            expires: "2026-12-31",
          },
        ],
      },
    },
  ];
  for (const difference of differences) {
    t.not(changed(difference), plain, JSON.stringify(Object.keys(difference)));
  }
});

test("what cannot be known is refused, not passed", (t) => {
  const unknownNetwork = changed({ network: undefined });
  t.true(unknownNetwork.includes(".all(a, false)"), "addresses of pods that nobody declared");
  t.true(changed({ registry: undefined }).includes("docker"), "public registries stay refused");
  const nobody = changed({ gatewayNamespace: undefined, monitoringNamespace: undefined });
  t.true(nobody.includes("in []"), "callers that nobody named");
});

test("text from settings is a literal wherever it stands", (t) => {
  t.is(text('a"b\n'), '"a\\"b\\n"');
  t.is(list(["a", 'b"]']), '["a", "b\\"]"]');
  t.is(pattern("a'b"), `r"a'b"`);
  t.throws(() => pattern(`'"`));
  t.regex("registry.internal:5000/llm", new RegExp(`^${quoted("registry.internal:5000/llm")}$`));
  t.notRegex("registryxinternal:5000/llm", new RegExp(`^${quoted("registry.internal:5000/llm")}$`));
});
