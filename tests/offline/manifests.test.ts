import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "ava";
import { readManifests } from "../../offline/manifests/read.ts";
import { graphOf } from "../../policies/model/graph.ts";
import { unknown } from "../../policies/model/value.ts";
import { rules } from "../../policies/rules.ts";
import { evaluate } from "../../policies/runner.ts";
import { strictSettings } from "../../policies/settings/strict-settings.ts";

/** Reads a folder with these files; problems and sources carry paths relative to it. */
async function read(files: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(path.join(tmpdir(), "manifests-"));
  try {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await writeFile(path.join(folder, name), text);
    }
    const { resources, problems, skipped } = await readManifests(folder);
    const short = (file: string) => path.relative(folder, file);
    return {
      resources,
      places: resources.map(
        ({ urn, source }) => `${urn} ${short(source?.file ?? "")}:${source?.line}`,
      ),
      problems: problems.map(({ file, line, reason }) => `${short(file)}:${line}: ${reason}`),
      skipped: skipped.map(({ file }) => short(file)),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

const pod = (name: string, spec = "{}") =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n  namespace: web\nspec: ${spec}\n`;

test("every document of every file becomes a resource with the line on which it starts", async (t) => {
  const { places, problems } = await read({
    "b.yaml": `# first\n${pod("one")}---\n# nothing here\n---\n${pod("two")}`,
    "a/deep.yml": pod("three"),
  });
  t.deepEqual(problems, []);
  t.deepEqual(places, [
    "urn:manifest:::kubernetes:core/v1:Pod::web/three a/deep.yml:1",
    "urn:manifest:::kubernetes:core/v1:Pod::web/one b.yaml:2",
    "urn:manifest:::kubernetes:core/v1:Pod::web/two b.yaml:11",
  ]);
});

test("a List and a JSON array are taken apart, with the line of each item", async (t) => {
  const { places } = await read({
    "list.yaml":
      "apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: Namespace\n    metadata: {name: a}\n  - apiVersion: v1\n    kind: Namespace\n    metadata: {name: b}\n",
    "two.json": '[\n\t{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "c"}}\n]\n',
  });
  t.deepEqual(places, [
    "urn:manifest:::kubernetes:core/v1:Namespace::a list.yaml:4",
    "urn:manifest:::kubernetes:core/v1:Namespace::b list.yaml:7",
    "urn:manifest:::kubernetes:core/v1:Namespace::c two.json:2",
  ]);
});

test("booleans, times and base-60 numbers read as the API server reads them", async (t) => {
  const { resources } = await read({
    "x.yaml": pod(
      "x",
      "{hostNetwork: yes, hostPID: off, at: 2026-01-02, range: 20:30, text: !!binary MQ==}",
    ),
  });
  t.deepEqual(resources[0]?.properties["spec"], {
    hostNetwork: true,
    hostPID: false,
    at: "2026-01-02",
    range: "20:30",
    text: unknown,
  });
});

test("anchors and merge keys are followed", async (t) => {
  const { resources } = await read({
    "x.yaml":
      "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  base: &base {hostPID: true}\n  more: {<<: *base}\n",
  });
  t.deepEqual(resources[0]?.properties["spec"], {
    base: { hostPID: true },
    more: { hostPID: true },
  });
});

test("a document that unfolds without end is a problem, not a hang", async (t) => {
  const levels = Array.from(
    { length: 12 },
    (_, level) =>
      `l${level + 1}: &l${level + 1} [${Array.from({ length: 9 }, () => `*l${level}`).join(", ")}]`,
  );
  const { problems } = await read({ "bomb.yaml": `l0: &l0 [x]\n${levels.join("\n")}\n` });
  t.deepEqual(problems, [
    "bomb.yaml:1: Excessive alias count indicates a resource exhaustion attack",
  ]);
});

test("text that is no YAML is a problem with its file and line", async (t) => {
  const { problems, resources } = await read({
    "x.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: x\n",
  });
  t.is(resources.length, 0);
  t.true(problems[0]?.startsWith("x.yaml:4: "), problems[0]);
});

test("a key that stands twice is a problem", async (t) => {
  const { problems } = await read({ "x.yaml": "apiVersion: v1\nkind: Pod\nkind: Secret\n" });
  t.deepEqual(problems, ["x.yaml:3: Map keys must be unique"]);
});

test("a Helm template is a problem that names the remedy", async (t) => {
  const { problems } = await read({
    "templates/x.yaml": "apiVersion: v1\nkind: {{ .Values.kind }}\n",
  });
  t.true(problems.length > 0);
  t.true(
    problems[0]?.endsWith(
      '(the file holds "{{": render the Helm chart first, with `helm template`)',
    ),
    problems[0],
  );
});

test("an object without apiVersion and kind is a problem", async (t) => {
  const { problems } = await read({ "x.yaml": "a: 1\n" });
  t.deepEqual(problems, [
    "x.yaml:1: has no apiVersion and kind, so it is no Kubernetes object; move it out of the folder",
  ]);
});

test("files of tools are listed as skipped, unless they hold objects", async (t) => {
  const { skipped, places, problems } = await read({
    "kustomization.yaml":
      "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [x.yaml]\n",
    "values.yaml": "replicas: 1\n",
    "values-pod.yaml": pod("hidden"),
    "Chart.yaml": "apiVersion: v2\nname: x\n",
    "notes.txt": "not read",
  });
  t.deepEqual(problems, []);
  t.deepEqual(skipped, ["Chart.yaml", "kustomization.yaml", "values.yaml"]);
  t.deepEqual(places, ["urn:manifest:::kubernetes:core/v1:Pod::web/hidden values-pod.yaml:1"]);
});

test("two objects of one name are both kept", async (t) => {
  const { places } = await read({ "a.yaml": pod("x"), "b.yaml": pod("x") });
  t.deepEqual(places, [
    "urn:manifest:::kubernetes:core/v1:Pod::web/x a.yaml:1",
    "urn:manifest:::kubernetes:core/v1:Pod::web/x#2 b.yaml:1",
  ]);
});

test("a file that is named outright is read whatever it is called", async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), "manifests-"));
  await writeFile(path.join(folder, "rendered.txt"), pod("x"));
  const { resources } = await readManifests(path.join(folder, "rendered.txt"));
  const below = await readManifests(folder);
  await rm(folder, { recursive: true });
  t.is(resources.length, 1);
  t.is(below.resources.length, 0);
});

test("a file that is no text is a problem", async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), "manifests-"));
  await writeFile(path.join(folder, "x.yaml"), Buffer.from([0xff, 0xfe, 0x00]));
  const { problems } = await readManifests(folder);
  await rm(folder, { recursive: true });
  t.deepEqual(
    problems.map(({ reason }) => reason),
    ["is not UTF-8 text"],
  );
});

test("a link back to its own folder is followed once, and a missing path is a problem", async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), "manifests-"));
  await writeFile(path.join(folder, "x.yaml"), pod("x"));
  await symlink(folder, path.join(folder, "again"));
  await symlink(path.join(folder, "nowhere"), path.join(folder, "lost.yaml"));
  const { resources, problems } = await readManifests(folder);
  const missing = await readManifests(path.join(folder, "none"));
  await rm(folder, { recursive: true });
  t.is(resources.length, 1);
  t.deepEqual(problems, [
    {
      file: path.join(folder, "lost.yaml"),
      line: 1,
      reason: "does not exist, or is a link that leads nowhere",
    },
  ]);
  t.is(missing.problems.length, 1);
});

test("an additive policy that undoes a default deny is refused by name, file and line", async (t) => {
  const { resources } = await read({
    "net.yaml": `apiVersion: v1
kind: Namespace
metadata: {name: web}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: default-deny, namespace: web}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: allow-all, namespace: web}
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress: [{}]
`,
  });
  const judging = rules.filter(({ id }) => id === "E05");
  const { findings } = evaluate(graphOf(resources), strictSettings, judging);
  t.deepEqual(
    findings.map(({ policy, object, path: place, source }) => [
      policy,
      object,
      place,
      source?.line,
    ]),
    [["E05", "NetworkPolicy web/allow-all", "spec.egress[0]", 10]],
  );
});

test("objects under `items` are read whatever the kind around them says, as clients read them", async (t) => {
  const item = "{apiVersion: v1, kind: Pod, metadata: {name: hidden, namespace: web}, spec: {}}";
  const { resources } = await read({
    "map.yaml": `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\nitems: [${item}]\n`,
  });
  t.deepEqual(
    resources.map(({ type, name }) => `${type} ${name}`),
    ["kubernetes:core/v1:Pod hidden"],
  );
});
