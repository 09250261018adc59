import { cp, symlink, writeFile } from "node:fs/promises";
import * as path from "node:path";
import test, { type ExecutionContext } from "ava";
import { diskCache } from "../../offline/charts/cache.ts";
import { chartType, type Expansion, expandCharts } from "../../offline/charts/expand.ts";
import type { RecordedResource } from "../../offline/recorder.ts";
import { defaultOptions } from "../../policies/model/resource.ts";
import { at, unknown, type ValueObject } from "../../policies/model/value.ts";
import { temporaryFolder } from "../support/temporary.ts";
import { helm } from "../support/tools.ts";

const fixtures = path.resolve(import.meta.dirname, "../fixtures/charts");

function chart(properties: ValueObject): RecordedResource {
  return {
    urn: `urn:pulumi:s::p::${chartType}::gpu`,
    type: chartType,
    name: "gpu",
    properties: {
      chart: "gpu-operator",
      version: "v26.7.0",
      namespace: "operators",
      ...properties,
    },
    secrets: [],
    custom: false,
    dependencies: [],
    options: defaultOptions,
  };
}

async function expand(
  t: ExecutionContext,
  resource: RecordedResource,
  directory: string | undefined = fixtures,
): Promise<Expansion> {
  const cache = diskCache(await temporaryFolder(t));
  return expandCharts([resource], { directory, kubernetesVersion: "1.37.2", helm, cache });
}

/** `Kind namespace/name` of everything behind the chart. */
function objects({ resources }: Expansion): string[] {
  return resources.slice(1).map(({ properties }) => {
    const field = (...keys: string[]) => {
      const value = at(properties, ...keys);
      return typeof value === "string" ? value : "-";
    };
    return `${field("kind")} ${field("metadata", "namespace")}/${field("metadata", "name")}`;
  });
}

test("a chart's objects stand behind it, definitions included and hooks left out", async (t) => {
  const expansion = await expand(t, chart({}));
  t.deepEqual(objects(expansion).toSorted(), [
    "ClusterPolicy -/cluster-policy",
    "CustomResourceDefinition -/clusterpolicies.nvidia.com",
    "DaemonSet operators/node-feature-discovery-worker",
    "Deployment operators/gpu-operator",
    "ServiceAccount operators/gpu-operator",
  ]);
  t.deepEqual(expansion.undecided, []);
  t.deepEqual(expansion.charts, [{ name: "gpu-operator", version: "v26.7.0" }]);
});

test("children are named and typed as the Kubernetes provider does", async (t) => {
  const { resources } = await expand(t, chart({}));
  const deployment = resources.find(
    (resource) => resource.type === "kubernetes:apps/v1:Deployment",
  );
  t.is(deployment?.name, "gpu:operators/gpu-operator");
  t.is(
    deployment?.urn,
    `urn:pulumi:s::p::${chartType}$kubernetes:apps/v1:Deployment::gpu:operators/gpu-operator`,
  );
  t.is(deployment?.parent, `urn:pulumi:s::p::${chartType}::gpu`);
  t.true(resources.some((resource) => resource.type === "kubernetes:core/v1:ServiceAccount"));
  t.true(resources.some((resource) => resource.type === "kubernetes:nvidia.com/v1:ClusterPolicy"));
});

test("values of the program reach the templates", async (t) => {
  const { resources } = await expand(t, chart({ values: { operator: { repository: "inside" } } }));
  const deployment = resources.find((resource) => resource.type.endsWith(":Deployment"));
  const image = at(deployment?.properties, "spec", "template", "spec", "containers", 0, "image");
  t.is(image, "inside/gpu-operator:v26.7.0");
});

test("lists in a rendering are taken apart", async (t) => {
  const stack = chart({ chart: "kube-prometheus-stack", version: "88.5.3" });
  const found = objects(await expand(t, stack));
  t.true(found.includes("Deployment operators/-operator"));
  t.false(found.some((object) => object.startsWith("List")));
});

test("a chart is found in a folder that the stack itself names", async (t) => {
  const expansion = await expand(
    t,
    chart({ chart: path.join(fixtures, "gpu-operator") }),
    undefined,
  );
  t.is(expansion.resources.length, 6);
});

test("a second expansion needs no Helm", async (t) => {
  const options = {
    directory: fixtures,
    kubernetesVersion: "1.37.2",
    cache: diskCache(await temporaryFolder(t)),
  };
  const first = await expandCharts([chart({})], { ...options, helm });
  const second = await expandCharts([chart({})], {
    ...options,
    helm: () => Promise.reject(new Error("Helm was asked for")),
  });
  t.deepEqual(second, first);
});

test("a changed chart, other values and another Kubernetes are rendered anew", async (t) => {
  const folder = await temporaryFolder(t);
  await cp(fixtures, folder, { recursive: true });
  let asked = 0;
  const options = {
    directory: folder,
    kubernetesVersion: "1.37.2",
    cache: diskCache(await temporaryFolder(t)),
    helm: () => {
      asked += 1;
      return helm();
    },
  };
  await expandCharts([chart({})], options);
  await expandCharts([chart({ values: { driver: { enabled: false } } })], options);
  await expandCharts([chart({})], { ...options, kubernetesVersion: "1.36.0" });
  await writeFile(path.join(folder, "gpu-operator/templates/operator.yaml"), "");
  const last = await expandCharts([chart({})], options);
  t.is(asked, 4);
  t.false(objects(last).some((object) => object.startsWith("Deployment")));
});

test("values that hold a secret are never cached", async (t) => {
  const folder = await temporaryFolder(t);
  const secret = { ...chart({}), secrets: ["values.password"] };
  const options = { directory: fixtures, kubernetesVersion: "1.37.2", cache: diskCache(folder) };
  await expandCharts([secret], { ...options, helm });
  const again = await expandCharts([secret], {
    ...options,
    helm: () => Promise.reject(new Error("it is asked for again")),
  });
  t.is(again.undecided.length, 1);
});

test("a chart with an unknown input has no children, as at a first preview, and is not undecided", async (t) => {
  const expansion = await expand(t, chart({ values: { a: unknown } }));
  t.is(expansion.resources.length, 1);
  t.deepEqual(expansion.undecided, []);
});

const hidden: readonly {
  title: string;
  properties: ValueObject;
  directory?: string;
  reason: RegExp;
}[] = [
  {
    title: "no folder of charts was given",
    properties: {},
    reason: /^no folder of charts was given; pass --charts DIR or set CHARTS_DIR$/,
  },
  {
    title: "the folder has no such chart",
    properties: { chart: "absent", version: "1.0.0" },
    directory: fixtures,
    reason: /holds neither absent-1\.0\.0\.tgz nor .* \(it holds README\.md, gpu-operator, /,
  },
  {
    title: "the chart is of another version",
    properties: { version: "v99.0.0" },
    directory: fixtures,
    reason: /gpu-operator: its version is v26\.7\.0, and the stack pins v99\.0\.0$/,
  },
  {
    title: "the templates fail",
    properties: { values: { driver: null } },
    directory: fixtures,
    reason: /gpu-operator: .*nil pointer/s,
  },
];

for (const { title, properties, directory, reason } of hidden) {
  test(`undecided, with the reason: ${title}`, async (t) => {
    const cache = diskCache(await temporaryFolder(t));
    const resource = chart(properties);
    const expansion = await expandCharts([resource], {
      directory,
      kubernetesVersion: "1.37.2",
      helm,
      cache,
    });
    t.deepEqual(expansion.resources, [resource]);
    t.is(expansion.undecided.length, 1);
    t.regex(expansion.undecided[0]?.reason ?? "", reason);
  });
}

/** A chart of one template, beside the fixtures' own. */
async function chartOf(t: ExecutionContext, template: string): Promise<string> {
  return temporaryFolder(t, {
    "gpu-operator/Chart.yaml": "apiVersion: v2\nname: gpu-operator\nversion: v26.7.0\n",
    "gpu-operator/templates/all.yaml": template,
  });
}

const odd: readonly { title: string; template: string; reason: RegExp }[] = [
  {
    title: "an object without a name",
    template: "apiVersion: v1\nkind: Pod\nmetadata: {generateName: a-}\n",
    reason: /^it renders an object without apiVersion, kind or name$/,
  },
  {
    title: "values that it makes up anew each time",
    template:
      'apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {key: "{{ randAlphaNum 20 }}"}\n',
    reason:
      /gpu-operator: it renders differently each time, so it makes up values such as passwords; /,
  },
];

for (const { title, template, reason } of odd) {
  test(`undecided, and no crash: a chart that renders ${title}`, async (t) => {
    const expansion = await expand(t, chart({}), await chartOf(t, template));
    t.is(expansion.undecided.length, 1);
    t.regex(expansion.undecided[0]?.reason ?? "", reason);
  });
}

test("a chart folder that holds a link to itself is undecided", async (t) => {
  const folder = await chartOf(t, "");
  await symlink(".", path.join(folder, "gpu-operator/loop"));
  const expansion = await expand(t, chart({}), folder);
  t.regex(expansion.undecided[0]?.reason ?? "", /ELOOP/);
});

test("items of a typed list need not repeat what the list says of them", async (t) => {
  const template = "apiVersion: v1\nkind: PodList\nitems: [{metadata: {name: a}}]\n";
  t.deepEqual(objects(await expand(t, chart({}), await chartOf(t, template))), ["Pod operators/a"]);
});

test("times and base-60 numbers stay the text that they are to the API server", async (t) => {
  const template =
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {d: 2024-01-01, t: 12:30:45, on: yes}\n";
  const { resources } = await expand(t, chart({}), await chartOf(t, template));
  t.deepEqual(resources[1]?.properties["data"], { d: "2024-01-01", t: "12:30:45", true: true });
});
