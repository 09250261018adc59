import test from "ava";
import { one } from "./eks-fixture.ts";
import { container, only, type ProxyName, pod, program, proxies } from "./gateway-fixture.ts";
import { deploy } from "./lib/deploy.ts";
import { at, entries, list, text } from "./lib/look.ts";

/** Names of the Secrets that a pod can see. */
async function secretsOf(part: ProxyName | "routes"): Promise<string[]> {
  const volumes = list(await pod(part), "volumes");
  const projected = volumes.flatMap((volume) =>
    at(volume, "projected") === undefined ? [] : list(volume, "projected", "sources"),
  );
  const named = [
    ...volumes.map((volume) => at(volume, "secret", "secretName")),
    ...projected.map((source) => at(source, "secret", "name")),
  ];
  return named.filter((name) => typeof name === "string").toSorted();
}

test("each proxy sees its own keys and no other's", async (t) => {
  t.deepEqual(await secretsOf("open"), [
    "certificate",
    "gateway-egress-key",
    "gateway-engine-keys",
    "gateway-keys",
    "gateway-keys-none",
  ]);
  t.deepEqual(await secretsOf("closed"), [
    "certificate",
    "gateway-engine-keys",
    "gateway-keys",
    "gateway-keys-none",
  ]);
  t.deepEqual(await secretsOf("egress"), ["gateway-egress-key", "provider-openai"]);
  t.deepEqual(await secretsOf("routes"), []);
});

for (const [part, file] of [
  ["open", "gateway.json"],
  ["closed", "gateway-closed.json"],
] as const) {
  test(`the ${part} proxy starts without a client's key and takes ${file} once it is there`, async (t) => {
    const volume = list(await pod(part), "volumes").find((each) => at(each, "name") === "keys");
    // Two lists that name one file are refused by the API server; of two sources the later one counts.
    t.deepEqual(at(volume, "projected", "sources"), [
      { secret: { name: "gateway-keys-none" } },
      { secret: { name: "gateway-keys", optional: true, items: [{ key: file, path: file }] } },
    ]);
  });
}

test("the files without keys know nobody", async (t) => {
  const { inputs } = one(await deploy(program()), "Secret", "gateway-secrets-keys-none");
  for (const [, content] of entries(inputs, "stringData", "secret")) {
    t.deepEqual(
      [...text(content).matchAll(/"credentials":\s*\[([^\]]*)\]/g)].map(([, inner]) => inner),
      [""],
    );
  }
  t.deepEqual(
    entries(inputs, "stringData", "secret").map(([name]) => name),
    ["gateway-closed.json", "gateway.json"],
  );
});

test("only the egress gateway sees a provider's key, below the provider's name", async (t) => {
  const spec = await pod("egress");
  const volume = list(spec, "volumes").find((each) => at(each, "name") === "provider-keys");
  t.deepEqual(at(volume, "projected", "sources"), [
    {
      secret: { name: "provider-openai", items: [{ key: "api-key", path: "openai/api-key" }] },
    },
  ]);
  for (const part of ["open", "closed", "routes"] as const) {
    t.notRegex(JSON.stringify(await pod(part)), /provider-/);
  }
});

test("the key between open proxy and egress gateway is random, bare for one and a file for the other", async (t) => {
  const deployment = await deploy(program());
  t.like(one(deployment, "RandomPassword").inputs, { length: 48, special: false });
  const { inputs } = one(deployment, "Secret", "gateway-secrets-egress-key");
  const data = JSON.stringify(inputs["stringData"]);
  t.regex(data, /"key":"random"/);
  t.regex(data, /ApiKeyAuth/);
  const items = async (part: ProxyName) => {
    const volume = list(await pod(part), "volumes").find(
      (each) => at(each, "name") === "egress-key",
    );
    return list(volume, "secret", "items").map((item) => at(item, "key"));
  };
  t.deepEqual(await items("open"), ["key"]);
  t.deepEqual(await items("egress"), ["egress.json"]);
});

test("the keys of engines that no class uses are not copied", async (t) => {
  const models = ["llama", "other"].map((name) => ({
    name,
    servedName: name,
    apiKey: `key-of-${name}`,
  }));
  const { inputs } = one(
    await deploy(program({ models })),
    "Secret",
    "gateway-secrets-engine-keys",
  );
  t.deepEqual(
    entries(inputs, "stringData", "secret").map(([name]) => name),
    ["llama"],
  );
});

test("the controller alone has a token, short-lived and read-only", async (t) => {
  for (const part of proxies) t.notRegex(JSON.stringify(await pod(part)), /serviceAccountToken/);
  const [volume] = list(await pod("routes"), "volumes");
  t.deepEqual(at(volume, "projected", "sources", 0), {
    serviceAccountToken: { path: "token", expirationSeconds: 3600 },
  });
  t.deepEqual(list(await container("routes"), "volumeMounts"), [
    {
      name: "account",
      mountPath: "/var/run/secrets/kubernetes.io/serviceaccount",
      readOnly: true,
    },
  ]);
});

test("the controller may see routes and endpoints, and write its status and nothing else", async (t) => {
  const deployment = await deploy(program());
  const see = ["get", "list", "watch"];
  t.deepEqual(one(deployment, "Role", "gateway-routes-own").inputs["rules"], [
    { apiGroups: [""], resources: ["configmaps"], verbs: see },
    {
      apiGroups: [""],
      resources: ["configmaps"],
      resourceNames: ["gateway-status"],
      verbs: ["update", "patch"],
    },
    { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: see },
  ]);
  const inference = one(deployment, "Role", "gateway-routes-inference").inputs;
  t.is(at(inference, "metadata", "namespace"), "inference");
  t.deepEqual(inference["rules"], [
    { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: see },
  ]);
  const binding = one(deployment, "RoleBinding", "gateway-routes-inference").inputs;
  t.deepEqual(binding["subjects"], [
    { kind: "ServiceAccount", name: "gateway-routes", namespace: "gateway" },
  ]);
});

test("no key stands in what the component publishes of itself", async (t) => {
  const models = [{ name: "llama", servedName: "llama", apiKey: "hush-hush" }];
  const { resources } = await deploy(program({ models, config: only("public") }));
  const components = resources.filter(({ type }) => type.startsWith("llm:"));
  t.notRegex(JSON.stringify(components.map(({ inputs }) => inputs)), /hush-hush/);
});
