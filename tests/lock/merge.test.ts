import test from "ava";
import { type Lock, LockFileError, parseLock } from "../../infra/lock.ts";
import { changesOf } from "../../lock/changes.ts";
import { emptyLock, lockText, mergeLock } from "../../lock/merge.ts";
import type { Resolved } from "../../lock/outcome.ts";
import type { Catalogue } from "../../lock/subjects.ts";

const one = `sha256:${"1".repeat(64)}` as const;
const two = `sha256:${"2".repeat(64)}` as const;
const commit = "c".repeat(40);

const catalogue: Catalogue = {
  images: [
    { repository: "docker.io/b/b", tag: "v1" },
    { repository: "docker.io/a/a", tag: "v1" },
    { repository: "docker.io/a/a", tag: "v1" },
  ],
  charts: [{ repository: "https://charts.example", chart: "c", version: "1.0.0" }],
  models: ["org/model"],
};
const chart = "https://charts.example/c:1.0.0";
const everything: Resolved[] = [
  { kind: "images", key: "docker.io/b/b:v1", digest: one },
  { kind: "images", key: "docker.io/a/a:v1", digest: one },
  { kind: "charts", key: chart, digest: two },
  { kind: "models", key: "org/model", revision: commit },
];

test("what was read stands in the lock without the mark of an example, sorted by name", (t) => {
  const before: Lock = {
    ...emptyLock,
    images: { "docker.io/b/b:v1": { digest: two, example: true } },
  };
  t.is(
    lockText(mergeLock(before, catalogue, everything)),
    `{
  "images": {
    "docker.io/a/a:v1": {
      "digest": "${one}"
    },
    "docker.io/b/b:v1": {
      "digest": "${one}"
    }
  },
  "charts": {
    "${chart}": {
      "digest": "${two}"
    }
  },
  "models": {
    "org/model": {
      "revision": "${commit}"
    }
  }
}
`,
  );
});

test("a name that was not read keeps what it had, and an example stays one", (t) => {
  const before: Lock = {
    images: {
      "docker.io/a/a:v1": { digest: two },
      "docker.io/b/b:v1": { digest: two, example: true },
    },
    charts: {},
    models: { "org/model": { revision: commit, example: true } },
  };
  t.deepEqual(mergeLock(before, catalogue, []), before);
});

test("a name that nothing deploys any more leaves the lock", (t) => {
  const before: Lock = {
    images: { "docker.io/gone/gone:v1": { digest: one } },
    charts: { gone: { digest: one } },
    models: { "org/gone": { revision: commit } },
  };
  t.deepEqual(mergeLock(before, catalogue, []), emptyLock);
});

test("a digest of the wrong length is never written", (t) => {
  const short: Lock = { ...emptyLock, images: { "docker.io/a/a:v1": { digest: "sha256:12" } } };
  t.throws(() => lockText(short), { message: /must match|Invalid/ });
});

test("changes say for every name what the lock held and what was read", (t) => {
  const before: Lock = {
    images: { "docker.io/a/a:v1": { digest: two }, "docker.io/gone/gone:v1": { digest: one } },
    charts: { [chart]: { digest: two } },
    models: { "org/model": { revision: commit, example: true } },
  };
  t.deepEqual(changesOf(before, catalogue, ["images", "charts", "models"], everything), [
    { kind: "images", key: "docker.io/b/b:v1", state: "missing", after: one },
    { kind: "images", key: "docker.io/a/a:v1", state: "moved", before: two, after: one },
    { kind: "charts", key: chart, state: "same", before: two, after: two },
    { kind: "models", key: "org/model", state: "example", before: commit, after: commit },
    { kind: "images", key: "docker.io/gone/gone:v1", state: "unlisted", before: one },
  ]);
});

test("a digest that could not be read again is no difference, an example remains one", (t) => {
  const before: Lock = {
    ...emptyLock,
    images: {
      "docker.io/a/a:v1": { digest: two },
      "docker.io/b/b:v1": { digest: one, example: true },
    },
  };
  t.deepEqual(changesOf(before, catalogue, ["images"], []), [
    { kind: "images", key: "docker.io/b/b:v1", state: "example", before: one },
  ]);
});

test("a lock file that is not JSON is refused by name", (t) => {
  const error = t.throws(() => parseLock("{", "some.json"), { instanceOf: LockFileError });
  t.regex(
    error.message,
    /^some\.json: is not JSON \(.+\); restore it from version control, or delete it and run npm run lock on a connected machine$/,
  );
});

test("every fault of a lock file is listed", (t) => {
  const text = JSON.stringify({
    images: { "a:v1": { digest: `sha256:${"1".repeat(63)}` } },
    charts: {},
    models: { "org/model": { revision: "main" } },
  });
  const error = t.throws(() => parseLock(text, "some.json"), { instanceOf: LockFileError });
  t.regex(error.message, /images\["a:v1"\]\.digest/);
  t.regex(error.message, /models\["org\/model"\]\.revision/);
});
