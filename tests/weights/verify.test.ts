import { execFileSync } from "node:child_process";
import {
  appendFile,
  chmod,
  link,
  mkdir,
  rename,
  rm,
  symlink,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises";
import { createServer } from "node:net";
import * as path from "node:path";
import test from "ava";
import fc from "fast-check";
import { verify } from "../../weights/verify/verify.ts";
import { manifestOf, smallTree, type Tree, temporaryFolder, writeTree } from "./support/tree.ts";

const first = "model-00001-of-00002.safetensors";
const manifest = manifestOf(smallTree);

/** Faults of the small tree after a change, one line each. */
async function faultsAfter(
  teardown: (clean: () => Promise<void>) => void,
  change: (folder: string) => unknown,
  read?: (name: string, folder: string) => Promise<void>,
): Promise<string[]> {
  const above = await temporaryFolder(teardown);
  const folder = path.join(above, "model");
  await writeTree(folder, smallTree);
  await change(folder);
  const { faults } = await verify(manifest, folder, async (name) => read?.(name, folder));
  return faults.map((fault) => `${fault.path} ${fault.reason}`);
}

test("a folder that is what its manifest says has no fault, hard links or not", async (t) => {
  t.deepEqual(await faultsAfter(t.teardown, () => {}), []);
  const linked = (folder: string) =>
    link(path.join(folder, first), path.join(folder, "..", "other"));
  t.deepEqual(await faultsAfter(t.teardown, linked), []);
});

const changes: readonly [string, (folder: string) => unknown, RegExp][] = [
  ["a missing file", (d) => rm(path.join(d, first)), /^model-00001.* is missing$/],
  [
    "a truncated file",
    (d) => truncate(path.join(d, first), 69_999),
    /^model-00001.* is truncated: it has 69999 bytes, the manifest says 70000$/,
  ],
  ["an emptied file", (d) => truncate(path.join(d, first), 0), /^model-00001.* is truncated/],
  ["a longer file", (d) => appendFile(path.join(d, first), "x"), /^model-00001.* is too long/],
  [
    "a file in the place of an empty one",
    (d) => writeFile(path.join(d, "tokenizer.json"), "x"),
    /^tokenizer\.json is too long/,
  ],
  [
    "a flipped bit",
    (d) => {
      const b = Buffer.alloc(70_000, 1);
      b[69_999] = 0;
      return writeFile(path.join(d, first), b);
    },
    /^model-00001.* has other bytes/,
  ],
  [
    "an extra file",
    (d) => writeFile(path.join(d, "evil.py"), "x"),
    /^evil\.py is a file that the manifest does not list$/,
  ],
  ["a hidden file", (d) => writeFile(path.join(d, ".hidden"), "x"), /^\.hidden is a file that/],
  [
    "an extra file below",
    (d) => writeFile(path.join(d, "original", "x.json"), "x"),
    /^original\/x\.json is a file that/,
  ],
  [
    "an extra folder",
    async (d) => {
      await mkdir(path.join(d, "deep/er"), { recursive: true });
    },
    /^deep is a folder that the manifest does not list$/,
  ],
  [
    "a link to a file outside",
    async (d) => {
      await rename(path.join(d, first), path.join(d, "..", first));
      await symlink(path.join("..", first), path.join(d, first));
    },
    /^model-00001.* is a symbolic link, not a file$/,
  ],
  [
    "a link to a file inside",
    (d) => symlink("config.json", path.join(d, "again.json")),
    /^again\.json is a symbolic link that/,
  ],
  [
    "a link that leads nowhere",
    (d) => symlink("/nowhere", path.join(d, "x.json")),
    /^x\.json is a symbolic link that/,
  ],
  [
    "a FIFO",
    async (d) => {
      await rm(path.join(d, first));
      execFileSync("mkfifo", [path.join(d, first)]);
    },
    /^model-00001.* is a FIFO, not a file$/,
  ],
  ["an extra FIFO", (d) => execFileSync("mkfifo", [path.join(d, "fifo")]), /^fifo is a FIFO that/],
  [
    "a folder in the place of a file",
    async (d) => {
      await rm(path.join(d, first));
      await mkdir(path.join(d, first));
    },
    /^model-00001.* is a folder, not a file$/,
  ],
  [
    "a name with letters that no manifest has",
    (d) => writeFile(Buffer.concat([Buffer.from(`${d}/`), Buffer.from([0xff, 0x41])]), "x"),
    /A is a unknown that|A is a file that/,
  ],
];

for (const [what, change, expected] of changes) {
  test(`${what} is refused by its name, and nothing else is`, async (t) => {
    const faults = await faultsAfter(t.teardown, change);
    t.is(faults.length, 1, faults.join("\n"));
    t.regex(faults[0] ?? "", expected);
  });
}

test("a file in the place of a folder is refused with what is missing below it", async (t) => {
  const faults = await faultsAfter(t.teardown, async (folder) => {
    await rm(path.join(folder, "original"), { recursive: true });
    await writeFile(path.join(folder, "original"), "x");
  });
  t.deepEqual(faults, [
    "original/params.json is missing",
    "original is a file, and the manifest has files below it",
  ]);
});

test("a link in the place of a folder is not entered, though the right file stands behind it", async (t) => {
  const faults = await faultsAfter(t.teardown, async (folder) => {
    await rename(path.join(folder, "original"), path.join(folder, "..", "original"));
    await symlink("../original", path.join(folder, "original"));
  });
  t.deepEqual(faults, [
    "original/params.json is missing",
    "original is a symbolic link, and the manifest has files below it",
  ]);
});

test("a socket is refused", async (t) => {
  const server = createServer();
  t.teardown(() => server.close());
  const faults = await faultsAfter(t.teardown, (folder) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    server.listen(path.join(folder, "s"), resolve);
    return promise;
  });
  t.deepEqual(faults, ["s is a socket that the manifest does not list"]);
});

test("the folder itself, or one above it, may not be a link", async (t) => {
  const above = await temporaryFolder(t.teardown);
  await writeTree(path.join(above, "a", "model"), smallTree);
  await symlink("a", path.join(above, "b"));
  await symlink("model", path.join(above, "a", "link"));
  for (const [folder, step] of [
    ["b/model", "b"],
    ["a/link", "a/link"],
  ] as const) {
    const error = await t.throwsAsync(verify(manifest, path.join(above, folder)));
    t.is(
      error?.message,
      `${path.join(above, step)}: is a symbolic link or no folder; give the path without links`,
    );
  }
  const missing = await t.throwsAsync(verify(manifest, path.join(above, "c")));
  t.is(missing?.message, `${path.join(above, "c")}: does not exist`);
});

test("all faults are told at once", async (t) => {
  const faults = await faultsAfter(t.teardown, async (folder) => {
    await rm(path.join(folder, "config.json"));
    await truncate(path.join(folder, first), 1);
    await writeFile(path.join(folder, "extra.json"), "x");
  });
  t.is(faults.length, 3);
});

const old = smallTree[first] ?? Buffer.alloc(0);
const whileReading: readonly [string, (file: string) => Promise<void>][] = [
  [
    "is written to with its time set back",
    async (file) => {
      await writeFile(file, Buffer.alloc(old.length, 9));
      await utimes(file, 1, 1);
    },
  ],
  [
    "is replaced by a copy",
    async (file) => {
      await writeFile(`${file}.new`, old);
      await rename(`${file}.new`, file);
    },
  ],
  ["changes its rights", (file) => chmod(file, 0o600)],
  ["is taken away", (file) => rm(file)],
];
for (const [what, change] of whileReading) {
  test(`a file that ${what} after it was read is refused`, async (t) => {
    const faults = await faultsAfter(
      t.teardown,
      () => {},
      async (name, folder) => {
        // The last one to be read: the others are read already.
        if (name === "tokenizer.json") await change(path.join(folder, first));
      },
    );
    t.true(
      faults.some((fault) => fault === `${first} changed while it was read`),
      faults.join("\n"),
    );
  });
}

test("a link that is put in the place of a file before it is opened is not followed", async (t) => {
  const faults = await faultsAfter(
    t.teardown,
    () => {},
    async (name, folder) => {
      if (name !== first) return;
      const file = path.join(folder, "config.json");
      await rename(file, path.join(folder, "..", "config.json"));
      await symlink("../config.json", file);
    },
  );
  t.deepEqual(faults.length, 1);
  t.regex(faults[0] ?? "", /^config\.json cannot be read \(ELOOP/);
});

test("a file that is put in while others are read is refused", async (t) => {
  const faults = await faultsAfter(
    t.teardown,
    () => {},
    async (name, folder) => {
      if (name === "tokenizer.json") await writeFile(path.join(folder, "late.json"), "x");
    },
  );
  t.true(faults.includes("late.json is a file that the manifest does not list"));
});

const name = fc
  .array(fc.constantFrom("a", "b", "C", "d-1", "e_2"), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join("/"));
const tree: fc.Arbitrary<Tree> = fc
  .uniqueArray(fc.tuple(name, fc.uint8Array({ minLength: 1, maxLength: 3000 })), {
    minLength: 1,
    maxLength: 5,
    selector: ([path_]) => path_.toLowerCase(),
  })
  .map((files) =>
    Object.fromEntries(files.map(([key, bytes]) => [`${key}.json`, Buffer.from(bytes)])),
  );

test("any one corruption of any tree is refused by the file's name, and none is accepted", async (t) => {
  const corruption = fc.constantFrom("flip", "cut", "grow", "drop", "add", "link", "rename");
  await fc.assert(
    fc.asyncProperty(tree, corruption, fc.nat(), async (files, kind, seed) => {
      const cleaners: (() => Promise<void>)[] = [];
      const folder = await temporaryFolder((clean) => cleaners.push(clean));
      try {
        await writeTree(folder, files);
        const own = manifestOf(files);
        if ((await verify(own, folder)).faults.length > 0) return false;
        const [victim = "", bytes = Buffer.alloc(0)] =
          Object.entries(files)[seed % own.files.length] ?? [];
        await corrupt(path.join(folder, victim), bytes, kind, seed);
        const { faults } = await verify(own, folder);
        return faults.some((fault) => fault.path.startsWith(victim));
      } finally {
        for (const clean of cleaners) await clean();
      }
    }),
    { numRuns: 150 },
  );
  t.pass();
});

async function corrupt(file: string, bytes: Buffer, kind: string, seed: number): Promise<void> {
  switch (kind) {
    case "flip": {
      const changed = Buffer.from(bytes);
      const at = seed % bytes.length;
      changed[at] = (changed[at] ?? 0) ^ (1 << (seed % 8));
      return writeFile(file, changed);
    }
    case "cut":
      return truncate(file, seed % bytes.length);
    case "grow":
      return appendFile(file, "x");
    case "drop":
      return rm(file);
    case "add":
      return writeFile(`${file}.json`, "x");
    case "link":
      await rename(file, `${file}.json`);
      return symlink(path.basename(`${file}.json`), file);
    case "rename":
      return rename(file, `${file}.json`);
    default:
      throw new Error(kind);
  }
}
