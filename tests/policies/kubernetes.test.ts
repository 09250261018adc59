import test from "ava";
import * as fc from "fast-check";
import { parseCidr, standsForIpv4 } from "../../policies/kubernetes/cidr.ts";
import { engineClass } from "../../policies/kubernetes/engine.ts";
import { isFrom, isFromPublicRegistry, parseImage } from "../../policies/kubernetes/images.ts";
import { containersOf, podTemplate } from "../../policies/kubernetes/pod-templates.ts";
import { objectsIn } from "../../policies/model/graph.ts";
import { unknown, type ValueObject } from "../../policies/model/value.ts";
import { kube, resource } from "./good-graph.ts";

const hex = "0".repeat(64);

test("an image reference is taken apart into host, path, tag and digest", (t) => {
  t.deepEqual(parseImage(`Registry.internal:5000/a/b:v1@sha256:${hex}`), {
    host: "registry.internal:5000",
    path: "a/b",
    tag: "v1",
    digest: `sha256:${hex}`,
  });
  t.deepEqual(parseImage("library/nginx"), {
    host: undefined,
    path: "library/nginx",
    tag: undefined,
    digest: undefined,
  });
});

test("what no container runtime accepts is no image reference", (t) => {
  const refused = [
    "",
    "UPPER",
    "a b",
    "a//b",
    "/a",
    "a/",
    "a:",
    "a@sha256:12",
    `a@sha512:${hex}`,
    "a/../b",
    `a@b@sha256:${hex}`,
  ];
  t.deepEqual(
    refused.filter((text) => parseImage(text) !== undefined),
    [],
  );
});

test("an image lies in a registry only at a boundary of its path", (t) => {
  const image = parseImage("registry.internal/llm/vllm:v1");
  t.true(image !== undefined && isFrom(image, "registry.internal"));
  t.true(image !== undefined && isFrom(image, "registry.internal/llm"));
  t.false(image !== undefined && isFrom(image, "registry.internal/ll"));
  t.false(image !== undefined && isFrom(image, "registry.int"));
});

test("public registries are known with their regional hosts, and no host means a public one", (t) => {
  const images = [
    "nginx",
    "docker.io/library/nginx",
    "eu.gcr.io/p/i",
    "europe-docker.pkg.dev/p/i",
    "public.ecr.aws/a/b",
    "registry.internal/a",
    "notdocker.io/a",
  ];
  t.deepEqual(
    images.map(parseImage).map((image) => image !== undefined && isFromPublicRegistry(image)),
    [true, true, true, true, true, false, false],
  );
});

test("a block of any spelling is read as its address and prefix", (t) => {
  t.deepEqual(parseCidr("10.0.0.1/8"), { family: 4, address: 0x0a00_0001n, prefix: 8 });
  t.deepEqual(parseCidr("::/0"), { family: 6, address: 0n, prefix: 0 });
  t.deepEqual(parseCidr("fc00::1:2/7"), {
    family: 6,
    address: (0xfc00n << 112n) + 0x1_0002n,
    prefix: 7,
  });
  t.deepEqual(parseCidr("::ffff:1.2.3.4/128"), {
    family: 6,
    address: 0xffff_0102_0304n,
    prefix: 128,
  });
});

test("what is no block is not read as one", (t) => {
  const refused = [
    "",
    "10.0.0.0",
    "10.0.0.0/33",
    "::/129",
    "10.0.0/8",
    "010.0.0.0/8",
    "10.0.0.0/08",
    "10.0.0.0/8 ",
    "fe80::1%eth0/64",
    "x/8",
  ];
  t.deepEqual(
    refused.filter((text) => parseCidr(text) !== undefined),
    [],
  );
});

test("every IPv6 spelling of an address reads the same", (t) => {
  const group = fc.integer({ min: 0, max: 0xffff });
  fc.assert(
    fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
      const plain = groups.map((each) => each.toString(16)).join(":");
      const padded = groups
        .map((each) => each.toString(16).padStart(4, "0").toUpperCase())
        .join(":");
      const expected = groups.reduce((sum, each) => (sum << 16n) | BigInt(each), 0n);
      t.is(parseCidr(`${plain}/64`)?.address, expected);
      t.is(parseCidr(`${padded}/64`)?.address, expected);
    }),
  );
});

test("IPv6 blocks that reach IPv4 addresses are recognised", (t) => {
  const blocks = [
    "::ffff:10.0.0.0/104",
    "64:ff9b::a00:0/104",
    "2002:a00::/24",
    "fd00::/8",
    "2001:db8::/32",
  ];
  t.deepEqual(
    blocks.map((text) => parseCidr(text)).map((block) => block && standsForIpv4(block)),
    [true, true, true, false, false],
  );
});

test("the pod template of every workload kind is found", (t) => {
  const spec = {
    containers: [{ name: "a" }],
    initContainers: [{ name: "b" }],
    ephemeralContainers: [{ name: "c" }],
  };
  const template = { spec };
  const bodies: Readonly<Record<string, ValueObject>> = {
    "core/v1:Pod": { spec },
    "core/v1:PodTemplate": { template },
    "core/v1:ReplicationController": { spec: { template } },
    "apps/v1:Deployment": { spec: { template } },
    "apps/v1:ReplicaSet": { spec: { template } },
    "apps/v1:StatefulSet": { spec: { template } },
    "apps/v1:DaemonSet": { spec: { template } },
    "extensions/v1beta1:Deployment": { spec: { template } },
    "batch/v1:Job": { spec: { template } },
    "batch/v1:CronJob": { spec: { jobTemplate: { spec: { template } } } },
    "argoproj.io/v1alpha1:Rollout": { spec: { template } },
    "keda.sh/v1alpha1:ScaledJob": { spec: { jobTargetRef: { template } } },
  };
  for (const [type, body] of Object.entries(bodies)) {
    const [object] = objectsIn(kube(type, "x", "web", body));
    const found = object && podTemplate(object);
    t.is(found && containersOf(found).length, 3, type);
  }
});

test("a custom resource that shares a name with a workload kind is none", (t) => {
  const [object] = objectsIn(kube("example.com/v1:Deployment", "x", "web", {}));
  t.is(object && podTemplate(object), undefined);
});

test("components of the Kubernetes package are no objects", (t) => {
  t.deepEqual(objectsIn(resource("kubernetes:helm.sh/v4:Chart", "c", {})), []);
  t.deepEqual(objectsIn(resource("pulumi:pulumi:Stack", "s", {})), []);
});

test("an engine is known by its image, its command, its GPU, or by nothing being known", (t) => {
  const classes = (
    [
      { image: `r.io/vllm/vllm@sha256:${hex}` },
      { image: "r.io/base", command: ["python", "-m", "vllm.entrypoints.openai.api_server"] },
      { image: "r.io/sglang" },
      { image: "r.io/x", resources: { requests: { "nvidia.com/mig-1g.10gb": 1 } } },
      { image: "r.io/x", resources: { limits: { "nvidia.com/gpu": "0" } } },
      { image: unknown },
      { image: "r.io/x", args: unknown },
      { image: "vllm.io/proxy" },
    ] satisfies ValueObject[]
  ).map((value: ValueObject) => engineClass({ path: "", value }));
  t.deepEqual(classes, [
    "vllm",
    "vllm",
    "other-engine",
    "gpu",
    "none",
    "undecided",
    "undecided",
    "none",
  ]);
});
