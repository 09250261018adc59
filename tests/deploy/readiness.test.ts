import test from "ava";
import { liveObject } from "../../deploy/api/objects.ts";
import { changed } from "../../deploy/changes.ts";
import { grouped } from "../../deploy/wait/explain.ts";
import { readiness } from "../../deploy/wait/readiness.ts";
import type { ValueObject } from "../../policies/model/value.ts";

const rolled = {
  observedGeneration: 2,
  replicas: 2,
  updatedReplicas: 2,
  availableReplicas: 2,
  readyReplicas: 2,
};
const conditions = (type: string, status: string) => ({ conditions: [{ type, status }] });

const table: readonly (readonly [
  string,
  string,
  ValueObject,
  "ready" | "waiting" | "failed",
  string,
])[] = [
  [
    "a rolled out Deployment",
    "Deployment",
    { spec: { replicas: 2 }, status: rolled },
    "ready",
    "2/2 ready",
  ],
  [
    "one whose newest version no controller saw",
    "Deployment",
    { spec: { replicas: 2 }, status: { ...rolled, observedGeneration: 1 } },
    "waiting",
    "2/2 ready",
  ],
  [
    "one with old pods left",
    "Deployment",
    { spec: { replicas: 2 }, status: { ...rolled, replicas: 3 } },
    "waiting",
    "2/2 ready",
  ],
  [
    "one with a pod not available",
    "Deployment",
    { spec: { replicas: 2 }, status: { ...rolled, availableReplicas: 1 } },
    "waiting",
    "1/2 ready",
  ],
  [
    "a Deployment of no replicas",
    "Deployment",
    { spec: { replicas: 0 }, status: { observedGeneration: 2 } },
    "ready",
    "0/0 ready",
  ],
  [
    "a rolled out StatefulSet",
    "StatefulSet",
    { spec: { replicas: 2 }, status: rolled },
    "ready",
    "2/2 ready",
  ],
  [
    "one not yet updated",
    "StatefulSet",
    { spec: { replicas: 2 }, status: { ...rolled, updatedReplicas: 1 } },
    "waiting",
    "2/2 ready",
  ],
  [
    "a DaemonSet on every node",
    "DaemonSet",
    {
      status: {
        observedGeneration: 2,
        desiredNumberScheduled: 3,
        updatedNumberScheduled: 3,
        numberAvailable: 3,
      },
    },
    "ready",
    "3/3 ready",
  ],
  [
    "one missing on a node",
    "DaemonSet",
    {
      status: {
        observedGeneration: 2,
        desiredNumberScheduled: 3,
        updatedNumberScheduled: 3,
        numberAvailable: 2,
      },
    },
    "waiting",
    "2/3 ready",
  ],
  ["a complete Job", "Job", { status: conditions("Complete", "True") }, "ready", "complete"],
  ["a running Job", "Job", { status: {} }, "waiting", "running"],
  ["a failed Job", "Job", { status: conditions("Failed", "True") }, "failed", "failed"],
  ["a bound claim", "PersistentVolumeClaim", { status: { phase: "Bound" } }, "ready", "Bound"],
  [
    "a pending claim",
    "PersistentVolumeClaim",
    { status: { phase: "Pending" } },
    "waiting",
    "Pending",
  ],
  ["a lost claim", "PersistentVolumeClaim", { status: { phase: "Lost" } }, "failed", "Lost"],
  [
    "an established definition",
    "CustomResourceDefinition",
    { status: conditions("Established", "True") },
    "ready",
    "Established",
  ],
  ["a new definition", "CustomResourceDefinition", { status: {} }, "waiting", "not established"],
  [
    "a node that is not ready",
    "Node",
    { status: conditions("Ready", "Unknown") },
    "waiting",
    "not ready",
  ],
  ["a kind without progress", "ConfigMap", {}, "ready", ""],
];

for (const [title, kind, body, state, text] of table) {
  test(`${title} is ${state}`, (t) => {
    t.deepEqual(readiness(kind, { metadata: { generation: 2 }, ...body }), { state, text });
  });
}

test("nobody waits for an object that says so", (t) => {
  const metadata = { annotations: { "pulumi.com/skipAwait": "true" } };
  t.deepEqual(readiness("PersistentVolumeClaim", { metadata, status: { phase: "Pending" } }), {
    state: "ready",
    text: "Pending",
  });
});

test("pods say why they are not placed and what their containers wait for, each reason once", (t) => {
  const unplaced = { type: "PodScheduled", status: "False", message: "0/2 nodes are available" };
  const waiting = { reason: "ImagePullBackOff", message: "no such" };
  const pods = [
    { metadata: { name: "a" }, status: { conditions: [unplaced] } },
    { metadata: { name: "b" }, status: { containerStatuses: [{ state: { waiting } }] } },
    { metadata: { name: "c" }, status: { conditions: [unplaced] } },
  ];
  t.deepEqual(grouped(pods), [
    "pod a and 1 more: 0/2 nodes are available",
    "pod b: ImagePullBackOff: no such",
  ]);
});

function live(resourceVersion: string, spec: ValueObject, owned: ValueObject) {
  return liveObject({
    metadata: {
      uid: "u",
      resourceVersion,
      managedFields: [{ manager: "private-llm", fieldsV1: owned }],
    },
    spec,
  });
}

test("what a controller writes beside the applied fields is no change", (t) => {
  const before = live("1", { replicas: 1 }, { "f:spec": { "f:replicas": {} } });
  const after = live("2", { replicas: 1, other: true }, { "f:spec": { "f:replicas": {} } });
  t.false(changed(before, after, { spec: { replicas: 1 } }));
});

test("an applied field with another value is a change", (t) => {
  const before = live("1", { replicas: 1 }, { "f:spec": { "f:replicas": {} } });
  const after = live("2", { replicas: 2 }, { "f:spec": { "f:replicas": {} } });
  t.true(changed(before, after, { spec: { replicas: 2 } }));
});

test("a field given up is a change", (t) => {
  const before = live("1", { a: 1, b: 1 }, { "f:spec": { "f:a": {}, "f:b": {} } });
  const after = live("2", { a: 1 }, { "f:spec": { "f:a": {} } });
  t.true(changed(before, after, { spec: { a: 1 } }));
});
