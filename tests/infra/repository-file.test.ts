import { symlinkSync } from "node:fs";
import * as path from "node:path";
import test from "ava";
import { readInside, repositoryFiles } from "../../infra/config/repository-file.ts";
import { temporaryFolder } from "../support/temporary.ts";

test("a file of the repository is read by its path from the root", (t) => {
  const read = repositoryFiles("package.json");
  t.true("text" in read && read.text.includes('"name": "private-llm"'));
});

test("a path may wander inside", async (t) => {
  const root = await temporaryFolder(t, { "models/a.json": "{}", "x/y.json": "1" });
  t.deepEqual(readInside(root, "models/../x/./y.json"), { text: "1" });
  symlinkSync(path.join(root, "models"), path.join(root, "linked"));
  t.deepEqual(readInside(root, "linked/a.json"), { text: "{}" });
});

const outside = /leads out of the repository/;
for (const file of ["../secret.json", "models/../../secret.json", "/etc/passwd", "a\0b", ".."]) {
  test(`refused: ${JSON.stringify(file)}`, async (t) => {
    const parent = await temporaryFolder(t, { "secret.json": "1", "root/models/a.json": "1" });
    const read = readInside(path.join(parent, "root"), file);
    t.regex("fault" in read ? read.fault : "", outside);
  });
}

test("a link out of the repository is refused, of a file and of a folder", async (t) => {
  const parent = await temporaryFolder(t, { "out/secret.json": "1", "root/a.json": "1" });
  const root = path.join(parent, "root");
  symlinkSync(path.join(parent, "out/secret.json"), path.join(root, "config.json"));
  symlinkSync(path.join(parent, "out"), path.join(root, "models"));
  for (const file of ["config.json", "models/secret.json"]) {
    const read = readInside(root, file);
    t.regex("fault" in read ? read.fault : "", outside);
  }
});

test("what is no file, too large or not there is refused", async (t) => {
  const root = await temporaryFolder(t, {
    "large.json": " ".repeat(256 * 1024 + 1),
    "models/a.json": "1",
  });
  const fault = (file: string) => {
    const read = readInside(root, file);
    return "fault" in read ? read.fault : "";
  };
  t.regex(fault("models"), /is no file/);
  t.regex(fault("."), /is no file/);
  t.regex(fault("large.json"), /has 262145 bytes, more than the 262144 that are read/);
  t.regex(fault("absent.json"), /cannot be read \(ENOENT\)/);
});

test("a folder beside the root with the root's name at its beginning is outside", async (t) => {
  const parent = await temporaryFolder(t, { "root/a.json": "1", "root-2/secret.json": "1" });
  const root = path.join(parent, "root");
  symlinkSync(path.join(parent, "root-2"), path.join(root, "near"));
  const read = readInside(root, "near/secret.json");
  t.regex("fault" in read ? read.fault : "", outside);
});
