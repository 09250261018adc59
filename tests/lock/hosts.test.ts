import test from "ava";
import { isEncryptedOrLocal, parseMirror } from "../../lock/hosts.ts";

for (const [given, registry] of [
  ["registry.example", { host: "registry.example" }],
  ["registry.example:5000/a/b", { host: "registry.example:5000", prefix: "a/b" }],
  ["mirror:5000", { host: "mirror:5000" }],
  ["localhost:5000", { host: "localhost:5000" }],
  ["127.0.0.1:5000/x", { host: "127.0.0.1:5000", prefix: "x" }],
  ["[::1]:5000", { host: "[::1]:5000" }],
] as const) {
  test(`${given} is a mirror`, (t) => {
    t.deepEqual(parseMirror(given), registry);
  });
}

for (const [given, fault] of [
  ["https://registry.example", "has a scheme; write HOST[:PORT][/PREFIX]"],
  ["team/images", 'starts with "team", which is no registry host; write HOST[:PORT][/PREFIX]'],
  ["", 'starts with "", which is no registry host; write HOST[:PORT][/PREFIX]'],
  ["--x.y", 'starts with "--x.y", which is no registry host; write HOST[:PORT][/PREFIX]'],
  ["registry.example/", 'has the prefix ""; write a lower-case path without slashes at its ends'],
  [
    "registry.example/Team",
    'has the prefix "Team"; write a lower-case path without slashes at its ends',
  ],
  [
    "10.1.2.3:5000",
    "names 10.1.2.3:5000 by its address, for which crane falls back to unencrypted HTTP; use its name",
  ],
  [
    "172.31.0.1/x",
    "names 172.31.0.1 by its address, for which crane falls back to unencrypted HTTP; use its name",
  ],
] as const) {
  test(`"${given}" is refused as a mirror`, (t) => {
    t.deepEqual(parseMirror(given), { fault });
  });
}

for (const [url, allowed] of [
  ["https://charts.example", true],
  ["http://127.0.0.1:80/x", true],
  ["http://[::1]:8080", true],
  ["http://charts.example", false],
  ["http://127.0.0.1.example", false],
  ["file:///etc/passwd", false],
] as const) {
  test(`${url} ${allowed ? "may" : "may not"} be read`, (t) => {
    t.is(isEncryptedOrLocal(new URL(url)), allowed);
  });
}
