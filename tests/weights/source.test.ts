import test from "ava";
import { metadataEndpoints } from "../../policies/data/metadata-endpoints.ts";
import { guardedLookup, isForbidden } from "../../weights/stage/addresses.ts";
import { redirectFault, type Source, sourceOf, urlOf } from "../../weights/stage/source.ts";
import { manifestOf, revision, smallTree } from "./support/tree.ts";

const manifest = manifestOf(smallTree);
const hub = "https://hub.example/{repository}/resolve/{revision}";

function made(template: string, hosts: readonly string[] = []): Source {
  const source = sourceOf(template, hosts, manifest);
  if ("faults" in source) throw new Error(source.faults.join("\n"));
  return source;
}

test("a file's path comes after the source, filled in and encoded", (t) => {
  t.is(
    urlOf(made(`${hub}/`), "a+b/c.json").href,
    `https://hub.example/org/name/resolve/${revision}/a%2Bb/c.json`,
  );
});

for (const [template, fault] of [
  ["http://hub.example/{revision}", /is not https/],
  ["ftp://127.0.0.1/{revision}", /is not https/],
  ["file:///models/{revision}", /is not https/],
  ["https://user:hunter2@hub.example/{revision}", /holds credentials/],
  ["https://hub.example/{revision}?x=1", /has a query/],
  ["https://hub.example/main", /lacks \{revision\}/],
  ["https://169.254.169.254/{revision}", /is an address that no source may have/],
  ["https://[::ffff:169.254.169.254]/{revision}", /is an address that no source may have/],
  ["https://2852039166/{revision}", /is an address that no source may have/],
  ["hub.example/{revision}", /is no URL/],
] as const) {
  test(`the source ${template} is refused`, (t) => {
    const source = sourceOf(template, [], manifest);
    const said = "faults" in source ? source.faults.join("\n") : "";
    t.regex(said, fault);
    t.notRegex(said, /hunter2/);
  });
}

for (const host of [
  "https://cdn.example",
  "cdn.example/x",
  "CDN.example",
  "a b",
  "u@cdn.example",
  "",
]) {
  test(`--host "${host}" is refused`, (t) => {
    t.true("faults" in sourceOf(hub, [host], manifest));
  });
}

for (const [to, followed] of [
  ["https://cdn.example/x?signature=1", true],
  ["https://hub.example/elsewhere", true],
  ["https://cdn.example:8443/x", false],
  ["https://evil-cdn.example/x", false],
  ["http://cdn.example/x", false],
  ["http://hub.example/x", false],
  ["https://127.0.0.1/x", false],
  ["https://localhost/x", false],
  ["https://169.254.169.254/latest", false],
  ["https://[fd00:ec2::254]/latest", false],
] as const) {
  test(`a redirect to ${to} is ${followed ? "" : "not "}followed`, (t) => {
    const named = ["cdn.example", "127.0.0.1", "localhost", "169.254.169.254", "[fd00:ec2::254]"];
    t.is(redirectFault(made(hub, named), new URL(to)) === undefined, followed);
  });
}

test("every address at which a cloud hands out credentials is forbidden, in each way of writing it", (t) => {
  for (const { address } of metadataEndpoints) {
    t.true(isForbidden(address), address);
    if (!address.includes(":")) t.true(isForbidden(`::ffff:${address}`), address);
  }
  for (const address of [
    "127.0.0.1",
    "127.9.9.9",
    "0.0.0.0",
    "::1",
    "::",
    "fe80::1",
    "::ffff:127.0.0.1",
    "64:ff9b::a9fe:a9fe",
  ]) {
    t.true(isForbidden(address), address);
  }
  for (const address of ["10.0.0.1", "192.168.1.1", "1.1.1.1", "2606:4700::1111", "fd12::1"]) {
    t.false(isForbidden(address), address);
  }
});

for (const all of [true, false]) {
  test(`a name that leads to this machine is not connected to (${all ? "all addresses" : "one"})`, async (t) => {
    const error = await new Promise((resolve) => {
      guardedLookup("localhost", { all }, resolve);
    });
    t.like(error, { code: "EFORBIDDEN" });
  });
}
