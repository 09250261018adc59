import { createHash } from "node:crypto";
import test from "ava";
import { LockFileError, readLock } from "../../infra/lock.ts";
import {
  exampleManifests,
  manifestKey,
  parseWeightsLock,
  pinnedManifest,
  readWeightsLock,
} from "../../infra/weights-lock.ts";

test("every model that the digest lock pins has a manifest at that revision", (t) => {
  const { models } = readLock();
  t.true(Object.keys(models).length > 0);
  for (const [repository, { revision }] of Object.entries(models)) {
    t.is(pinnedManifest(repository, revision, readWeightsLock()).repository, repository);
  }
});

test("an example can be told by its hashes, and is an example in both locks", (t) => {
  const { models } = readLock();
  for (const [key, { example, manifest }] of Object.entries(readWeightsLock())) {
    t.is(example, models[manifest.repository]?.example, key);
    for (const { path, sha256 } of manifest.files) {
      const made = createHash("sha256").update(path).digest("hex");
      t.is(made === sha256, example === true, `${key} ${path}`);
    }
  }
});

test("examples are listed by name", (t) => {
  const lock = readWeightsLock();
  const marked = Object.values(lock).filter(({ example }) => example === true);
  t.is(exampleManifests(lock).length, marked.length);
});

test("a revision without a manifest says how to get one", (t) => {
  const error = t.throws(() => pinnedManifest("org/name", "0".repeat(40), readWeightsLock()), {
    instanceOf: LockFileError,
  });
  t.is(
    error?.message,
    `stacks/weights.lock.json lacks org/name@${"0".repeat(40)}; run npm run lock -- --only models on a connected machine`,
  );
});

test("a manifest under the name of another is refused", (t) => {
  const [first] = Object.values(readWeightsLock());
  const key = manifestKey("org/name", "0".repeat(40));
  const error = t.throws(() => parseWeightsLock(JSON.stringify({ [key]: first }), "w.json"));
  t.regex(error?.message ?? "", /holds the manifest of meta-llama/);
});

test("what is no JSON and what is no lock are refused", (t) => {
  t.throws(() => parseWeightsLock("{", "w.json"), { message: /^w\.json: is not JSON/ });
  t.throws(() => parseWeightsLock('{"a":1}', "w.json"), { message: /is not a lock of weights/ });
});
