import test from "ava";
import { decidePrune, listed } from "../../deploy/prune/decide.ts";
import { entry } from "./support/plan.ts";

test("objects that the stack no longer has go in the reverse of the order in which they came", (t) => {
  const applied = [
    entry("Namespace", "a", { namespace: undefined }),
    entry("NetworkPolicy", "b", { apiVersion: "networking.k8s.io/v1" }),
    entry("Service", "c"),
    entry("Deployment", "d", { apiVersion: "apps/v1" }),
  ];
  const { remove } = decidePrune(applied, []);
  t.deepEqual(
    remove.map(({ kind }) => kind),
    ["Deployment", "Service", "NetworkPolicy", "Namespace"],
  );
});

test("what the stack still has is not pruned, also through another version of its API", (t) => {
  const applied = [entry("CronJob", "a", { apiVersion: "batch/v1beta1" })];
  const wanted = [entry("CronJob", "a", { apiVersion: "batch/v1" })];
  t.deepEqual(decidePrune(applied, wanted), { remove: [], ask: [] });
});

test("objects of one kind in two API groups are two objects", (t) => {
  const applied = [entry("Service", "a", { apiVersion: "serving.knative.dev/v1" })];
  t.is(decidePrune(applied, [entry("Service", "a")]).remove.length, 1);
});

test("whatever holds data, or is protected, is asked for with the reason", (t) => {
  const applied = [
    entry("PersistentVolumeClaim", "weights"),
    entry("PersistentVolume", "disk", { namespace: undefined }),
    entry("Secret", "key"),
    entry("Namespace", "inference", { namespace: undefined }),
    entry("CustomResourceDefinition", "x.example.com", { namespace: undefined }),
    entry("ConfigMap", "notes", { keep: true }),
    entry("ConfigMap", "other"),
  ];
  t.is(
    listed(decidePrune(applied, []).ask),
    [
      "  PersistentVolumeClaim default/weights (holds data)",
      "  ConfigMap default/notes (is protected by the stack)",
      "  Secret default/key (holds a secret that cannot be made again)",
      "  PersistentVolume disk (holds data)",
      "  Namespace inference (everything in it goes with it)",
      "  CustomResourceDefinition x.example.com (all objects of its kind go with it)",
    ].join("\n"),
  );
});

test("giving back the fields of somebody else's object needs no question", (t) => {
  const applied = [entry("Node", "host", { namespace: undefined, patch: true, keep: true })];
  t.deepEqual(decidePrune(applied, []).ask, []);
});
