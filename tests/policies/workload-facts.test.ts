import test from "ava";
import { labelsOf, selects } from "../../policies/kubernetes/label-match.ts";
import { programOf, runsFile } from "../../policies/kubernetes/programs.ts";
import { parseQuantity } from "../../policies/kubernetes/quantity.ts";
import { namespacesOfHost } from "../../policies/kubernetes/routes.ts";
import { isNetworkKey, namedNetworks } from "../../policies/kubernetes/secondary-networks.ts";
import { flagValue } from "../../policies/kubernetes/served-engines.ts";
import { cleanPath, isBelow } from "../../policies/kubernetes/volumes.ts";
import { weightSize } from "../../policies/kubernetes/weight-size.ts";
import { rootField } from "../../policies/model/field.ts";
import { unknown, type Value, type ValueObject } from "../../policies/model/value.ts";

test("quantities are read as Kubernetes writes them", (t) => {
  const read = ["1", "16Gi", "1.5G", "500m", "2e3", "1E3", ".5Ki", "1E", 7].map(parseQuantity);
  t.deepEqual(read, [1, 2 ** 34, 1.5e9, 0.5, 2000, 1000, 512, 1e18, 7]);
});

test("what is no quantity is none", (t) => {
  const wrong = ["", "Gi", "1 Gi", "1gi", "1GiB", "0x10", "1e", null, undefined, {}, Number.NaN];
  for (const each of wrong) t.is(parseQuantity(each), undefined, JSON.stringify(each));
});

const sizes: readonly (readonly [string, number | undefined])[] = [
  ["/models/llama-3.3-70b-instruct/0123abc", 141.1],
  ["/models/Qwen2-72B-Instruct", 144],
  ["/models/Mixtral-8x7B-v0.1", 112],
  ["/models/Meta-Llama-3.1-8B-Instruct-AWQ-INT4", 4],
  ["--served-model-name=mistral-small-24b-fp8", 24],
  ["/models/llama/98d4a991cb37d507111040ad1c88b4139ff8c57b", undefined],
  ["--max-model-len=8192", undefined],
  ["--block-size=16", undefined],
];

for (const [word, gigabytes] of sizes) {
  test(`the weights of ${word} are ${gigabytes ?? "of unknown size"}`, (t) => {
    t.is(weightSize([word])?.gigabytes.toFixed(1), gigabytes?.toFixed(1));
  });
}

test("of a model and its draft the larger one decides", (t) => {
  const words = ["/models/a-1b", "--speculative-model=/models/b-70b", undefined];
  t.is(weightSize(words)?.gigabytes, 140);
});

test("the last spelling of a flag counts", (t) => {
  t.is(flagValue(["--a=1", "--a", "2", "--b"], "--a"), "2");
  t.is(flagValue(["--shutdown_timeout=3=4"], "--shutdown-timeout"), "3=4");
  t.is(flagValue(["x", "--a"], "--a"), null);
  t.is(flagValue(["--ab=1"], "--a"), undefined);
});

test("a host name leads to the namespace before svc or pod, or at its end", (t) => {
  t.deepEqual(namespacesOfHost("llama.inference.svc.cluster.local."), ["inference", "local"]);
  t.deepEqual(namespacesOfHost("pod-0.llama.inference.svc"), ["inference", "svc"]);
  t.deepEqual(namespacesOfHost("10-0-0-1.Inference.pod.x"), ["inference", "x"]);
  t.deepEqual(namespacesOfHost("llama.inference"), ["inference"]);
  t.deepEqual(namespacesOfHost("llama"), []);
});

test("programs are known by their file name, with or without a version", (t) => {
  t.is(programOf("/usr/bin/BASH").kind, "shell");
  t.is(programOf("pip3.12").kind, "installer");
  t.is(programOf("python3").kind, "interpreter");
  t.is(programOf("/lib64/ld-linux-x86-64.so.2").kind, "wrapper");
  t.is(programOf("vllm").kind, "other");
  t.false(programOf("node").unmistakable);
});

test("an interpreter may run a file or an engine's module, and no text", (t) => {
  const python = programOf("python3");
  const perl = programOf("perl");
  t.true(runsFile(python, ["-u", "-m", "vllm.entrypoints.openai.api_server"]));
  t.true(runsFile(python, ["server.py"]));
  t.true(runsFile(perl, ["/app/x"]));
  for (const rest of [[], ["-"], ["-c", "x"], ["-mvllm"], ["-X", "x", "a.py"], ["-m", "vllmx"]]) {
    t.false(runsFile(python, rest), rest.join(" "));
  }
  t.false(runsFile(perl, ["-u", "x.pl"]));
});

test("paths are cleaned before they are compared", (t) => {
  t.is(cleanPath("/a//b/./../c/"), "/a/c");
  t.is(cleanPath("/../.."), "/");
  t.true(isBelow("/a/b", "/a"));
  t.false(isBelow("/ab", "/a"));
  t.true(isBelow("/ab", "/"));
});

test("keys of second networks are told from keys that only look alike", (t) => {
  t.false(isNetworkKey("k8s.v1.cni.cncf.io/network-status"));
  t.false(isNetworkKey("cni.projectcalico.org/podIPs"));
  t.false(isNetworkKey("networking.gke.io/load-balancer-type"));
  t.true(isNetworkKey("cni.projectcalico.org/podIPsX"));
  t.is(namedNetworks("k8s.v1.cni.cncf.io/networks", "a,,b", "x"), undefined);
  t.is(namedNetworks("k8s.v1.cni.cncf.io/networks", '["a"]', "x"), undefined);
  t.is(namedNetworks("ipam.cilium.io/ip-pool", "a", "x"), undefined);
});

const labels = { app: "llama", tier: "gpu" };

const selectors: readonly (readonly [ValueObject, boolean])[] = [
  [{}, true],
  [{ matchLabels: { app: "llama" } }, true],
  [{ matchLabels: { app: "llama", other: "x" } }, false],
  [{ matchExpressions: [{ key: "tier", operator: "In", values: ["gpu", "cpu"] }] }, true],
  [{ matchExpressions: [{ key: "zone", operator: "NotIn", values: ["a"] }] }, true],
  [{ matchExpressions: [{ key: "zone", operator: "Exists" }] }, false],
  [{ matchExpressions: [{ key: "zone", operator: "DoesNotExist" }] }, true],
  [{ matchExpressions: [{ key: "app", operator: "Like", values: ["l"] }] }, false],
  [{ matchLabels: "app" }, false],
];

for (const [selector, matches] of selectors) {
  test(`${JSON.stringify(selector)} ${matches ? "selects" : "does not select"} the pods`, (t) => {
    t.is(selects(rootField(selector), rootField(labels)), matches);
  });
}

test("a selector that cannot be read certainly selects nothing, not even what lacks the label", (t) => {
  const unreadable: readonly Value[] = [unknown, 7];
  for (const value of unreadable) {
    t.false(selects(rootField({ matchLabels: { app: value } }), rootField({})));
  }
});

test("labels of which one is no text are unknown as a whole", (t) => {
  t.is(labelsOf(rootField({ app: "llama", odd: 7 })), undefined);
  t.deepEqual(labelsOf({ path: "labels", value: undefined }), new Map());
});
