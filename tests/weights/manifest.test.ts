import test from "ava";
import fc from "fast-check";
import { isLoadable } from "../../components/lib/weights/loadable.ts";
import {
  checkpointBytes,
  type Manifest,
  manifestByteLimit,
  parseManifest,
  WeightsManifestError,
} from "../../components/lib/weights/manifest.ts";

const hash = "0123456789abcdef".repeat(4);

function manifest(...paths: readonly string[]): Manifest {
  return {
    schema: 1,
    repository: "org/name",
    revision: "0123456789abcdef0123456789abcdef01234567",
    licence: "apache-2.0",
    quantisation: "bf16",
    chatTemplate: null,
    files: paths.map((path) => ({ path, bytes: 1, sha256: hash })),
  };
}

function refusal(given: unknown): string {
  try {
    parseManifest(typeof given === "string" ? given : JSON.stringify(given), "m.json");
  } catch (error) {
    if (error instanceof WeightsManifestError) return error.message;
    throw error;
  }
  return "accepted";
}

test("A manifest is read as it was written", (t) => {
  const given: Manifest = {
    ...manifest("config.json", "model-00001-of-00002.safetensors", "original/params.json"),
    chatTemplate: { file: "config.json", sha256: hash },
  };
  t.deepEqual(parseManifest(JSON.stringify(given), "m.json"), given);
  t.is(checkpointBytes(given), 3);
});

for (const path of [
  "../config.json",
  "a/../config.json",
  "/etc/config.json",
  "./config.json",
  "a//config.json",
  "a/./config.json",
  "config.json/",
  "a\\config.json",
  "C:config.json",
  "con\nfig.json",
  "con\u0000fig.json",
  "con fig.json",
  "cönfig.json",
  ".config.json",
  ".staging-x/config.json",
  "",
  `${"a".repeat(256)}.json`,
  `${"a/".repeat(300)}config.json`,
]) {
  test(`A manifest with the path ${JSON.stringify(path.slice(0, 30))} is refused, by its field`, (t) => {
    t.regex(refusal(manifest("config.json", path)), /m\.json: .*\n[^]*files\[1\]\.path/);
  });
}

for (const path of [
  "pytorch_model.bin",
  "model.pt",
  "model.pth",
  "model.ckpt",
  "model.pkl",
  "modeling_llama.py",
  "config.json.py",
  "model.gguf",
  "model.h5",
  "run.sh",
  "library.so",
]) {
  test(`A manifest that lists ${path} is refused`, (t) => {
    t.false(isLoadable(path));
    t.regex(refusal(manifest("config.json", path)), /none of the kinds that are staged/);
  });
}

test("No string at all makes a path that leaves its folder", (t) => {
  const hostile = fc
    .array(
      fc.constantFrom("..", ".", "/", "\\", "a", "A", "\u0000", "%2e", "\u202e", " ", ".json", ":"),
      {
        maxLength: 12,
      },
    )
    .map((parts) => `${parts.join("")}.json`);
  fc.assert(
    fc.property(hostile, (path) => {
      if (refusal(manifest(path)) !== "accepted") return true;
      return path.split("/").every((part) => /^[A-Za-z0-9_]/.test(part)) && !path.includes("\\");
    }),
    { numRuns: 2000 },
  );
  t.pass();
});

test("Files whose names are one name elsewhere are refused, all at once", (t) => {
  const said = refusal(manifest("a.json", "a.json", "B.json", "b.json", "c.json", "c.json/d.json"));
  t.regex(said, /a\.json is listed twice/);
  t.regex(said, /B\.json and b\.json differ in case alone/);
  t.regex(said, /c\.json is a file, and c\.json\/d\.json needs a folder there/);
});

test("A huge manifest is refused by its length, before it is parsed", (t) => {
  t.regex(refusal("{".repeat(manifestByteLimit + 1)), /bytes long, and no manifest/);
});

test("A manifest with too many files or too many bytes is refused", (t) => {
  const many = manifest(...Array.from({ length: 2001 }, (_, at) => `${at}.json`));
  t.regex(refusal(many), /files/);
  const large = manifest("a.safetensors", "b.safetensors");
  const files = large.files.map((one) => ({ ...one, bytes: 2 ** 44 }));
  t.regex(refusal({ ...large, files }), /the limit is/);
});

for (const [what, change] of [
  ["another schema", { schema: 2 }],
  ["a branch for a revision", { revision: "main" }],
  ["a repository with a path", { repository: "org/../name" }],
  ["an unknown quantisation", { quantisation: "int3" }],
  ["no files", { files: [] }],
  ["an upper-case hash", { files: [{ path: "a.json", bytes: 1, sha256: hash.toUpperCase() }] }],
  ["a negative size", { files: [{ path: "a.json", bytes: -1, sha256: hash }] }],
  ["a field of no meaning", { note: "x" }],
  ["a chat template in no file", { chatTemplate: { file: "other.json", sha256: hash } }],
] as const) {
  test(`A manifest with ${what} is refused`, (t) => {
    t.not(refusal({ ...manifest("config.json"), ...change }), "accepted");
  });
}

test("What is no JSON is refused with the way to write it anew", (t) => {
  t.regex(refusal("{"), /m\.json: is not JSON .*npm run lock -- --only models/);
});
