import test from "ava";
import { chartType } from "../../offline/charts/expand.ts";
import type { RecordedResource } from "../../offline/recorder.ts";
import type { BillOfMaterials } from "../../offline/render/bill-of-materials.ts";
import { renderedFiles, SecretOnDiskError } from "../../offline/render/files.ts";
import { planObjects, randomMarker, UnknownValuesError } from "../../offline/render/plan.ts";
import { defaultOptions } from "../../policies/model/resource.ts";
import { unknown, type ValueObject } from "../../policies/model/value.ts";

const bill: BillOfMaterials = { images: [], charts: [], models: [] };

function object(
  kind: string,
  name: string,
  properties: ValueObject = {},
  change: Partial<RecordedResource> = {},
): RecordedResource {
  const group =
    { Namespace: "core/v1", Secret: "core/v1", ConfigMap: "core/v1" }[kind] ?? "apps/v1";
  return {
    urn: `urn:pulumi:s::p::kubernetes:${group}:${kind}::${name}`,
    type: `kubernetes:${group}:${kind}`,
    name,
    properties: { metadata: { name, namespace: "inference" }, ...properties },
    secrets: [],
    custom: true,
    dependencies: [],
    options: defaultOptions,
    ...change,
  };
}

function render(resources: readonly RecordedResource[]): ReadonlyMap<string, string> {
  const files = renderedFiles(planObjects(resources), bill, resources);
  return new Map(files.map((file) => [file.path, file.content]));
}

test("files sort in the order of deployment: namespace, configuration, workload", (t) => {
  const files = render([
    object("Deployment", "a"),
    object("ConfigMap", "z"),
    object("Namespace", "inference"),
  ]);
  t.deepEqual(
    [...files.keys()].filter((path) => path.startsWith("manifests/")),
    [
      "manifests/01-namespace-core-inference.yaml",
      "manifests/08-configmap-core-inference-z.yaml",
      "manifests/11-deployment-apps-inference-a.yaml",
    ],
  );
});

test("the same bytes come out whatever the order of registration and of fields", (t) => {
  const first = [
    object("ConfigMap", "a", { data: { x: "1", y: "2" } }),
    object("ConfigMap", "b", { data: {} }),
  ];
  const second = [
    object("ConfigMap", "b", { data: {} }),
    object("ConfigMap", "a", { data: { y: "2", x: "1" } }),
  ];
  t.deepEqual([...render(first)], [...render(second)]);
});

test("apiVersion, kind and namespace are stated even where the program left them out", (t) => {
  const files = render([object("ConfigMap", "a", { metadata: { name: "a" }, data: {} })]);
  t.is(
    files.get("manifests/08-configmap-core-default-a.yaml"),
    "apiVersion: v1\ndata: {}\nkind: ConfigMap\nmetadata:\n  name: a\n  namespace: default\n",
  );
});

test("a Secret is never written; what to make is listed by key and origin", (t) => {
  const random: RecordedResource = {
    ...object("Secret", "password"),
    type: "random:index/randomPassword:RandomPassword",
    properties: { length: 48 },
  };
  const secret = object("Secret", "key", {
    stringData: { user: "admin", password: `Bearer ${randomMarker("password")}` },
  });
  const files = render([random, secret]);
  t.deepEqual([...files.keys()], ["bill-of-materials.json", "secrets.json"]);
  t.deepEqual(JSON.parse(files.get("secrets.json") ?? ""), {
    secrets: [
      {
        namespace: "inference",
        name: "key",
        keys: [
          { key: "password", value: "random, 48 characters" },
          { key: "user", value: "set by the program" },
        ],
      },
    ],
  });
  t.false([...files.values()].join("").includes("admin"));
});

test("a Secret of a chart says so", (t) => {
  const parent = `urn:pulumi:s::p::${chartType}::stack`;
  const files = render([object("Secret", "key", { data: { a: "Yg==" } }, { parent })]);
  t.true(files.get("secrets.json")?.includes("made by its chart"));
  t.false([...files.values()].join("").includes("Yg=="));
});

test("a secret value outside a Secret is refused with its path", (t) => {
  const map = object("ConfigMap", "a", { data: { token: "t0p" } }, { secrets: ["data.token"] });
  const error = t.throws(() => render([map]), { instanceOf: SecretOnDiskError });
  t.is(
    error?.message,
    "secret values stand outside Secret objects; move each into a Secret and refer to it\n  urn:pulumi:s::p::kubernetes:core/v1:ConfigMap::a: data.token",
  );
});

test("a random value outside a Secret is refused as well", (t) => {
  const map = object("ConfigMap", "a", { data: { token: randomMarker("key") } });
  t.throws(() => render([map]), { instanceOf: SecretOnDiskError });
});

test("values that only the engine knows are named, all at once", (t) => {
  const resources = [
    object("ConfigMap", "b", { data: { x: unknown } }),
    object("ConfigMap", "a", { data: { list: [{ y: unknown }] } }),
  ];
  const error = t.throws(() => render(resources), { instanceOf: UnknownValuesError });
  t.deepEqual(error?.message.split("\n").slice(1), [
    "  urn:pulumi:s::p::kubernetes:core/v1:ConfigMap::a: data.list[0].y",
    "  urn:pulumi:s::p::kubernetes:core/v1:ConfigMap::b: data.x",
  ]);
});

test("two objects that would share a file are refused", (t) => {
  const twin = { ...object("ConfigMap", "a"), urn: "urn:other" };
  t.throws(() => render([object("ConfigMap", "a"), twin]), {
    message:
      "two objects would be written to manifests/08-configmap-core-inference-a.yaml; rename one of them",
  });
});

test("a component is no object", (t) => {
  t.deepEqual(planObjects([object("ConfigMap", "a", {}, { custom: false })]), []);
});
