import test from "ava";
import { findInIndex } from "../../lock/chart-index.ts";

const sum = "a".repeat(64);
const helmIndex = `apiVersion: v1
entries:
  other:
  - digest: ${"b".repeat(64)}
    version: 1.0.0
  stack:
  - annotations:
      links: |
        - version: 2.0.0
    dependencies:
    - name: crds
      version: 1.0.0
    digest: ${"c".repeat(64)}
    version: 3.0.0
  - digest: ${sum}
    urls:
    - stack-v2.0.0.tgz
    version: v2.0.0
  zebra:
  - digest: ${"d".repeat(64)}
    version: 2.0.0
generated: "2026-01-01T00:00:00Z"
`;

test("finds a version of a chart in an index as Helm writes it", (t) => {
  t.deepEqual(findInIndex(helmIndex, "stack", "2.0.0"), { version: "v2.0.0", sha256: sum });
});

test("a version of a dependency or of another chart is not taken for the chart's own", (t) => {
  t.is(findInIndex(helmIndex, "stack", "1.0.0"), undefined);
});

test("a chart that the index lacks is not found", (t) => {
  t.is(findInIndex(helmIndex, "absent", "2.0.0"), undefined);
});

test("an index in JSON or in another layout of YAML is read as well", (t) => {
  const index = {
    apiVersion: "v1",
    entries: { stack: [{ version: "2.0.0", digest: `sha256:${sum}` }] },
  };
  t.deepEqual(findInIndex(JSON.stringify(index), "stack", "2.0.0"), {
    version: "2.0.0",
    sha256: sum,
  });
  const wide = `entries:\n    stack:\n        - version: 2.0.0\n          digest: ${sum}\n`;
  t.deepEqual(findInIndex(wide, "stack", "v2.0.0"), { version: "2.0.0", sha256: sum });
});

test("an index may state no digest", (t) => {
  t.deepEqual(findInIndex("entries:\n  stack:\n  - version: 2.0.0\n", "stack", "2.0.0"), {
    version: "2.0.0",
  });
});
