import test from "ava";
import { keysResource } from "../../components/gateway/envoy/keys.ts";
import { graphOf } from "../../policies/model/graph.ts";
import type { Resource } from "../../policies/model/resource.ts";
import type { Settings } from "../../policies/model/settings.ts";
import { at, isObject, type Value, type ValueObject } from "../../policies/model/value.ts";
import { evaluate } from "../../policies/runner.ts";
import { changed, goodResources, kube, replaceAt, settings } from "./good-graph.ts";
import { envoyMap, goodEnvoy } from "./mutants/envoy-document.ts";
import { digest, engine, template } from "./mutants/mutant.ts";

/** Findings of the rules on engines and gateways, A01 to A14. */
function broken(resources: readonly Resource[], given: Settings = settings): readonly string[] {
  return evaluate(graphOf(resources), given)
    .findings.filter(({ policy }) => policy.startsWith("A"))
    .map(({ policy, object, path, problem }) => `${policy} ${object} ${path}: ${problem}`);
}

const deployment = goodResources.find(({ name }) => name === "llama")?.properties;

function listOf(name: string): readonly Value[] {
  const list = at(deployment, ...engine, name);
  return Array.isArray(list) ? list : [];
}

function withWords(...words: readonly string[]): readonly Resource[] {
  return changed("Deployment/llama", [...engine, "command"], [...listOf("command"), ...words]);
}

function withVariables(...variables: readonly ValueObject[]): readonly Resource[] {
  return changed("Deployment/llama", [...engine, "env"], [...listOf("env"), ...variables]);
}

/** The flags and variables that the reviewed tables know, in the spellings an engine takes. */
const accepted: readonly { readonly title: string; readonly resources: readonly Resource[] }[] = [
  {
    title: "remote code turned off in so many words",
    resources: withWords("--no-trust-remote-code"),
  },
  { title: "a reviewed flag with underscores", resources: withWords("--max_model_len", "8192") },
  { title: "a short name of a flag", resources: withWords("-tp", "8") },
  { title: "a negative number behind a flag", resources: withWords("--seed", "-1") },
  { title: "a list behind a flag", resources: withWords("--served-model-name", "a", "b/c") },
  {
    title: "a draft model on the volume",
    resources: withWords(
      "--speculative-config",
      '{"model":"/models/draft","num_speculative_tokens":3}',
    ),
  },
  { title: "a rope scaling", resources: withWords('--hf-overrides={"rope_scaling":{"factor":2}}') },
  {
    title: "an adapter on the volume",
    resources: withWords("--lora-modules", "a=/models/a", "b=/models/b"),
  },
  {
    title: "an adapter inside JSON",
    resources: withWords(
      "--lora-modules",
      '{"name":"a","path":"/models/a","base_model_name":"org/b"}',
    ),
  },
  {
    title: "a template on the command line",
    resources: withWords("--chat-template={{ messages }}"),
  },
  {
    title: "a value that is filled in later",
    resources: withWords("--max-num-seqs=$(SEQUENCES)"),
  },
  { title: "a level that prints nothing", resources: withWords("--log-level=warning") },
  {
    title: "connections of a pair of pods",
    resources: withVariables({
      name: "VLLM_HOST_IP",
      valueFrom: { fieldRef: { fieldPath: "status.podIP" } },
    }),
  },
];

test("a reviewed setting passes in every spelling", (t) => {
  for (const { title, resources } of accepted) {
    t.deepEqual(broken(resources), [], title);
  }
});

test("a flag and a variable that the site reviewed pass", (t) => {
  const own: Settings = {
    ...settings,
    policies: {
      ...settings.policies,
      engineFlags: ["--brand-new"],
      engineVariables: ["BRAND_NEW"],
    },
  };
  const flag = withWords("--brand-new");
  const variable = withVariables({ name: "BRAND_NEW", value: "1" });
  t.is(broken(flag).length, 1);
  t.deepEqual(broken(flag, own), []);
  t.deepEqual(broken(variable, own), []);
});

test("a file of clients' keys may lie in a Secret, and nowhere else", (t) => {
  const file = keysResource([{ key: "a-key-of-somebody", client: "chat/team" }]);
  const holding = (kind: string, field: string) => [
    ...goodResources,
    kube(`core/v1:${kind}`, "keys", "gateway", { [field]: { "gateway.json": file } }),
  ];
  t.deepEqual(broken(holding("Secret", "stringData")), []);
  const found = broken(holding("ConfigMap", "data"));
  t.is(found.length, 1);
  t.regex(found[0] ?? "", /A11 .* is a key in plain configuration/);
});

test("what a site reviewed takes no risk away that the tables know", (t) => {
  const own: Settings = {
    ...settings,
    policies: { ...settings.policies, engineVariables: ["VLLM_SERVER_DEV_MODE"] },
  };
  const found = broken(withVariables({ name: "VLLM_SERVER_DEV_MODE", value: "1" }), own);
  t.deepEqual(
    found.map((each) => each.slice(0, 3)),
    ["A07"],
  );
});

test("a declared domain may be fetched from, and a declared host gets traces", (t) => {
  const own: Settings = {
    ...settings,
    policies: {
      ...settings.policies,
      mediaDomains: ["media.example.internal"],
      traceHosts: ["tempo.monitoring.svc:4317"],
    },
  };
  const resources = withWords(
    "--allowed-media-domains=media.example.internal",
    "--otlp-traces-endpoint=http://tempo.monitoring.svc:4317",
  );
  t.deepEqual(broken(resources, own), []);
  const other = withWords("--otlp-traces-endpoint=http://tempo.monitoring.svc:4318");
  t.is(broken(other, own).length, 1);
});

test("an init container of the engine's image that checks files is no engine", (t) => {
  const check = {
    name: "verify",
    image: `registry.internal/llm/vllm@${digest}`,
    command: ["sha256sum", "-c", "/models/llama/manifest"],
    env: listOf("env"),
  };
  t.deepEqual(broken(changed("Deployment/llama", [...template, "initContainers"], [check])), []);
});

test("a gateway that authenticates, ends TLS and logs the envelope passes", (t) => {
  t.deepEqual(broken([...goodResources, envoyMap(goodEnvoy)]), []);
});

test("a listener on loopback needs no TLS", (t) => {
  const steps = ["static_resources", "listeners", 0];
  const local = replaceAt(
    goodEnvoy,
    [...steps, "address", "socket_address", "address"],
    "127.0.0.1",
  );
  const plain = replaceAt(local, [...steps, "filter_chains", 0, "transport_socket"], undefined);
  t.deepEqual(broken([...goodResources, envoyMap(plain)]), []);
});

test("a guarded route of one exact path passes", (t) => {
  const route = kube("gateway.networking.k8s.io/v1:HTTPRoute", "llama", "gateway", {
    spec: {
      parentRefs: [{ name: "gateway" }],
      rules: [
        {
          matches: [{ path: { type: "Exact", value: "/v1/chat/completions" } }],
          backendRefs: [{ name: "llama", namespace: "inference", port: 8000 }],
        },
      ],
    },
  });
  const policy = kube("gateway.envoyproxy.io/v1alpha1:SecurityPolicy", "keys", "gateway", {
    spec: {
      targetRefs: [{ kind: "Gateway", name: "gateway" }],
      apiKeyAuth: { credentialRefs: [] },
    },
  });
  const gateway = kube("gateway.networking.k8s.io/v1:Gateway", "gateway", "gateway", {
    spec: {
      listeners: [
        { name: "l", port: 443, protocol: "HTTPS", tls: { certificateRefs: [{ name: "c" }] } },
      ],
    },
  });
  t.deepEqual(broken([...goodResources, route, policy, gateway]), []);
});

test("a key behind a flag passes where a Secret gives the variable", (t) => {
  t.deepEqual(broken(withWords("--api-key=$(VLLM_API_KEY)")), []);
});

test("a version passes by the tag of the image, and by the label of its engine", (t) => {
  const image = `registry.internal/llm/vllm:v0.33.0@${digest}`;
  const resources = changed("Deployment/llama", [...engine, "image"], image);
  t.deepEqual(broken(resources), []);
  const unlabelled = resources.map((each) => {
    if (each.name !== "llama" || !each.type.endsWith(":Deployment")) return each;
    const steps = ["spec", "template", "metadata", "labels"];
    const properties = replaceAt(each.properties, steps, { app: "llama" });
    return isObject(properties) ? { ...each, properties } : each;
  });
  t.deepEqual(broken(unlabelled), []);
});

test("the replicas of one model may open channels to each other", (t) => {
  const group = { matchLabels: { app: "llama" } };
  const policy = kube("networking.k8s.io/v1:NetworkPolicy", "group", "inference", {
    spec: {
      podSelector: group,
      policyTypes: ["Ingress"],
      ingress: [{ from: [{ podSelector: group }] }],
    },
  });
  t.deepEqual(broken([...goodResources, policy]), []);
});

test("plain HTTP to an engine passes only where the stack says what encrypts it", (t) => {
  const { engineTransport: _, ...unstated } = settings.policies;
  const silent: Settings = { ...settings, policies: unstated };
  t.deepEqual(
    broken(goodResources, silent).map((each) => each.slice(0, 3)),
    ["A12"],
  );
  t.deepEqual(broken(goodResources, { ...silent, clusterKind: "local" }), []);
  const tls: Settings = { ...settings, policies: { ...unstated, engineTransport: "tls" } };
  t.is(broken(goodResources, tls).length, 1);
  const served = withWords("--ssl-certfile=/tls/tls.crt", "--ssl-keyfile=/tls/tls.key");
  t.deepEqual(broken(served, tls), []);
});
