import test from "ava";
import { settingsOfStack, settingsOfUrn } from "../../policies/settings/stack-file.ts";
import { settingsFromStackConfig } from "../../policies/settings/stack-settings.ts";
import { strictSettings } from "../../policies/settings/strict-settings.ts";

test("the settings come from the stack's registry and namespaces; other keys are left alone", (t) => {
  const settings = settingsFromStackConfig({
    "private-llm:registry": { host: "registry.internal:5000", prefix: "llm/mirror" },
    "private-llm:namespaces": { inference: "models", monitoring: "metrics" },
    "private-llm:charts": "not looked at",
    "kubernetes:context": "nor this",
  });
  t.is(settings.registry, "registry.internal:5000/llm/mirror");
  t.deepEqual(settings.inferenceNamespaces, new Set(["models"]));
  t.deepEqual(
    settings.infrastructureNamespaces,
    new Set(["metrics", "gpu-operator", "kube-system", "kube-node-lease", "kube-public"]),
  );
});

test("the models of a stack and its GPUs are known, whichever way the cluster states them", (t) => {
  const load = { concurrency: 32, inputTokens: 1_280, outputTokens: 256 };
  const model = { name: "m", model: "own", gpus: 4, contextTokens: 8_192, load };
  const hosts = [{ role: "system" }, { role: "gpu", gpu: { model: "a100-sxm-40gb", count: 8 } }];
  for (const cluster of [{ nodes: { gpu: "a100-sxm-40gb" } }, { hosts }]) {
    const { serving } = settingsFromStackConfig({
      "private-llm:cluster": cluster,
      "private-llm:models": [{ ...model, replicas: 2 }],
    });
    t.deepEqual(serving, {
      gpu: "a100-sxm-40gb",
      models: [{ ...model, precision: "bf16", cachePrecision: "bf16" }],
    });
  }
  t.throws(() => settingsFromStackConfig({ "private-llm:models": [{ ...model, gpus: 0 }] }), {
    message: /private-llm:models\.0\.gpus/,
  });
});

test("without namespaces and registry the defaults hold and no registry is trusted", (t) => {
  const settings = settingsFromStackConfig({});
  t.is(settings.registry, undefined);
  t.deepEqual(settings.inferenceNamespaces, new Set(["inference"]));
});

test("all faults of the settings are named at once", (t) => {
  const error = t.throws(() =>
    settingsFromStackConfig({
      "private-llm:registry": { host: "https://registry", prefix: "/llm" },
      "private-llm:namespaces": { inference: "Models", extra: "x" },
    }),
  );
  t.is(
    error?.message,
    [
      "the stack's settings for the rules are wrong",
      "  private-llm:registry.host: must be a host name with an optional port, without scheme or path",
      "  private-llm:registry.prefix: must be a path without slashes at its ends",
      "  private-llm:namespaces.inference: must be lower-case letters, digits and hyphens, at most 63",
      '  private-llm:namespaces: Unrecognized key: "extra"',
    ].join("\n"),
  );
});

test("a namespace cannot hold models and be infrastructure", (t) => {
  const error = t.throws(() =>
    settingsFromStackConfig({ "private-llm:namespaces": { inference: "kube-system" } }),
  );
  t.true(error?.message.includes('private-llm:namespaces.inference: "kube-system" has two roles'));
});

test("every stack of the repository has settings that can be read", (t) => {
  for (const stack of ["dev", "staging", "staging-cluster", "prod"]) {
    t.is(settingsOfStack(stack).fault, undefined);
    t.truthy(settingsOfStack(stack).settings.registry);
  }
});

test("a URN without a stack, or with a path in place of one, gets the strictest settings and a fault", (t) => {
  for (const urn of [
    "",
    "urn:manifest:::kubernetes:core/v1:Pod::x",
    "urn:pulumi:../../x::p::t::n",
  ]) {
    const loaded = settingsOfUrn(urn);
    t.is(loaded.settings, strictSettings);
    t.is(loaded.fault, `the URN "${urn}" names no stack`);
  }
});
