import test from "ava";
import { ConfigError } from "../../infra/config/faults.ts";
import { parseStack } from "../../infra/config/parse.ts";
import { exampleEntries, imageKey } from "../../infra/lock.ts";
import { unusedImages } from "../../infra/unused-images.ts";
import { images } from "../../infra/versions.ts";
import { devStack } from "./dev-stack.ts";

const digest = `sha256:${"0".repeat(64)}` as const;
const targets = [{ address: "198.51.100.10" }];

function faults(probe: unknown, more: object = {}): string[] {
  try {
    parseStack({ ...devStack(), ...more, probe }, "private-llm");
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message
      .split("\n")
      .slice(1)
      .map((line) => line.trim());
  }
}

test("a probe needs nothing but targets", (t) => {
  const stack = parseStack({ ...devStack(), probe: { targets } }, "private-llm");
  t.like(stack, {
    probe: {
      targets: [{ address: "198.51.100.10", ports: [53, 80, 123, 443, 853, 8080, 9418] }],
      node: { ports: [53, 9100, 10250], accepted: [] },
      required: ["tcp", "udp"],
    },
  });
});

test("no key and an empty one mean no probe", (t) => {
  for (const stack of [devStack(), { ...devStack(), probe: {} }]) {
    t.like(parseStack(stack, "private-llm"), { probe: undefined });
  }
});

for (const [title, probe, expected] of [
  ["no targets", { targets: [] }, /^private-llm:probe\.targets: /],
  [
    "a target by name",
    { targets: [{ address: "host.example" }] },
    /probe\.targets\[0\]\.address: .*is not an address/,
  ],
  ["a misspelt field", { targets, dnsZones: "x" }, /probe\.dnsZones: unknown key/],
  [
    "a zone with capitals",
    { targets, dnsZone: "Probe.example" },
    /probe\.dnsZone: .*must be a domain name/,
  ],
  ["a zone of one word", { targets, dnsZone: "local" }, /probe\.dnsZone: .*must be a domain name/],
  [
    "names without a name server",
    { targets, required: ["dns"] },
    /probe\.required: names dns without dnsServers/,
  ],
  ["nothing required", { targets, required: [] }, /probe\.required: /],
  [
    "more ports than a probe may try",
    { targets: [{ address: "198.51.100.10", ports: Array.from({ length: 17 }, (_, i) => i + 1) }] },
    /probe\.targets\[0\]\.ports: /,
  ],
  ["a schedule in words", { targets, schedule: "daily" }, /probe\.schedule: .*must be five fields/],
  [
    "an acceptance without a reason",
    { targets, node: { accepted: [{ protocol: "tcp", port: 1, reason: "ok" }] } },
    /accepted\[0\]\.reason: .*must say in a sentence/,
  ],
  [
    "an acceptance without a port",
    { targets, node: { accepted: [{ protocol: "udp", reason: "a sentence of reason" }] } },
    /accepted\[0\]\.port: is missing for udp/,
  ],
  [
    "a port for pings",
    {
      targets,
      node: { accepted: [{ protocol: "icmp", port: 1, reason: "a sentence of reason" }] },
    },
    /accepted\[0\]\.port: icmp has no ports/,
  ],
] as const) {
  test(`${title} is refused with its place`, (t) => {
    const found = faults(probe);
    t.is(found.length, 1, found.join("\n"));
    t.regex(found[0] ?? "", expected);
  });
}

test("only a stack with a probe must have read the digest of its image", (t) => {
  const key = imageKey(images.egressProbe);
  const lock = { images: { [key]: { digest, example: true as const } }, charts: {}, models: {} };
  const plain = parseStack(devStack(), "private-llm");
  t.deepEqual(exampleEntries(lock, unusedImages(plain)), []);
  const probing = parseStack({ ...devStack(), probe: { targets } }, "private-llm");
  t.deepEqual(exampleEntries(lock, unusedImages(probing)), [key]);
});

test("the namespace of the control is taken", (t) => {
  t.deepEqual(faults({}, { namespaces: { gateway: "egress-probe-control" } }), [
    'private-llm:namespaces.gateway: "egress-probe-control" has two roles; give each role a namespace of its own',
  ]);
});
