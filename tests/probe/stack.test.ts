import { writeFile } from "node:fs/promises";
import * as path from "node:path";
import test, { type ExecutionContext } from "ava";
import { z } from "zod";
import { readLock } from "../../infra/lock.ts";
import { checkStack } from "../../offline/check.ts";
import { billOfMaterials } from "../../offline/render/bill-of-materials.ts";
import { readStack } from "../../offline/stack/read-stack.ts";
import { run } from "../../tools/cluster/lib/run.ts";
import { egressProbeBinary } from "../../tools/egress-probe/binary.ts";
import { at, list, text } from "../components/lib/look.ts";
import { temporaryFolder } from "../support/temporary.ts";
import { smallest, stackWithProbe } from "./support/stack.ts";

/** Everything that can be said about a probe. */
const fullest = {
  targets: [{ address: "198.51.100.10" }, { address: "2001:db8::10", ports: [443] }],
  dnsZone: "probe.example.org",
  dnsServers: ["198.51.100.53"],
  apiServers: [{ address: "10.20.0.5", port: 6443 }],
  node: {
    ports: [10250],
    accepted: [
      { protocol: "tcp", port: 10250, reason: "the kubelet asks every caller for a certificate" },
      { protocol: "icmp", reason: "the network plugin answers pings of its own node" },
    ],
  },
  required: ["tcp", "udp", "icmp", "dns"],
  schedule: "17 3 * * *",
};

interface Made {
  readonly type: string;
  readonly name: string;
  readonly properties: unknown;
}

/** Jobs of another component, which stages weights. */
const staging = "::llm:weights:ModelWeights$";

/** Objects of a stack with a probe, by the kind's short name. */
async function made(t: ExecutionContext, stack: string, probe: unknown) {
  const root = await temporaryFolder(t);
  const { resources } = await readStack(stack, await stackWithProbe(root, stack, probe));
  return (kind: string, namespace?: string): Made[] =>
    resources.filter(
      ({ type, urn, properties }) =>
        type.endsWith(`:${kind}`) &&
        !urn.includes(staging) &&
        (namespace === undefined || at(properties, "metadata", "namespace") === namespace),
    );
}

for (const stack of ["dev", "prod", "staging"]) {
  for (const [size, probe] of [
    ["small", smallest],
    ["full", fullest],
  ] as const) {
    test(`${stack} with a ${size} probe violates no policy`, async (t) => {
      const root = await temporaryFolder(t);
      const report = await checkStack(stack, await stackWithProbe(root, stack, probe));
      t.deepEqual(report.findings, []);
      t.deepEqual(report.undecided, []);
    });
  }
}

test("a probe carries every label of its model's pods, and one more carries none", async (t) => {
  const of = await made(t, "prod", smallest);
  const [engine] = of("Deployment", "inference");
  const labels = of("Job", "inference").map(({ properties }) =>
    at(properties, "spec", "template", "metadata", "labels"),
  );
  const all = at(engine?.properties, "spec", "template", "metadata", "labels");
  t.is(at(all, "app.kubernetes.io/name"), "vllm");
  const [none, same, ...more] = labels.toSorted(
    (a, b) => Object.keys(a ?? {}).length - Object.keys(b ?? {}).length,
  );
  t.deepEqual([none, same, more], [{}, all, []]);
});

test("control and probe differ in nothing that a network plugin sees but namespace and labels", async (t) => {
  const of = await made(t, "prod", smallest);
  const pods = ["inference", "egress-probe-control"].map((namespace) => {
    const job = of("Job", namespace).find(({ name }) => !name.includes("-model-"));
    const spec = at(job?.properties, "spec", "template", "spec");
    const alike = JSON.stringify(spec).replace(/--mode=\w+/, "");
    return z.record(z.string(), z.unknown()).parse(JSON.parse(alike));
  });
  const [probe, control] = pods;
  t.deepEqual(probe?.["readinessGates"], [{ conditionType: "private-llm/never-ready" }]);
  const { readinessGates: _, ...others } = probe ?? {};
  t.deepEqual(others, control);
});

test("the pod runs on GPU nodes, restricted, without token, service links or the port of the Service", async (t) => {
  const of = await made(t, "prod", smallest);
  const job = of("Job", "inference").find(({ name }) => name.startsWith("egress-probe-model-"));
  const spec = at(job?.properties, "spec", "template", "spec");
  t.like(spec, {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    restartPolicy: "Never",
    serviceAccountName: "egress-probe",
    nodeSelector: at(
      of("Deployment", "inference")[0]?.properties,
      "spec",
      "template",
      "spec",
      "nodeSelector",
    ),
  });
  const [container] = list(spec, "containers");
  t.is(list(spec, "containers").length, 1);
  // The Service of the model looks for a port by the name "http".
  t.deepEqual(at(container, "ports"), [{ name: "opened", containerPort: 8000, protocol: "TCP" }]);
  t.regex(
    text(container, "image"),
    /^registry\.prod\.example\.internal\/private-llm\/egress-probe@sha256:[0-9a-f]{64}$/,
  );
  const environment = list(container, "env");
  const digest = environment.find((one) => at(one, "name") === "IMAGE_DIGEST");
  t.true(text(container, "image").endsWith(text(digest, "value")));
});

test("another plan makes other Jobs, since a Job cannot be changed", async (t) => {
  const names = async (probe: unknown) =>
    (await made(t, "prod", probe))("Job").map(({ properties }) =>
      text(properties, "metadata", "name"),
    );
  const [before, after] = [
    await names(smallest),
    await names({ ...smallest, targets: [{ address: "198.51.100.11" }] }),
  ];
  t.is(new Set([...before, ...after]).size, 6);
  t.deepEqual(await names(smallest), before);
  for (const name of before) t.true(name.length <= 52, name);
});

test("a schedule makes CronJobs in place of Jobs", async (t) => {
  const of = await made(t, "prod", fullest);
  t.deepEqual(of("Job"), []);
  const schedules = of("CronJob").map(({ properties }) => at(properties, "spec", "schedule"));
  t.deepEqual(schedules, ["17 3 * * *", "17 3 * * *", "17 3 * * *"]);
});

test("the namespace of the control is restricted, and open in a way that every plugin understands", async (t) => {
  const of = await made(t, "prod", smallest);
  const [namespace] = of("Namespace").filter(
    ({ properties }) => at(properties, "metadata", "name") === "egress-probe-control",
  );
  t.is(
    at(namespace?.properties, "metadata", "labels", "pod-security.kubernetes.io/enforce"),
    "restricted",
  );
  t.deepEqual(
    of("NetworkPolicy", "egress-probe-control").map(({ properties }) => at(properties, "spec")),
    [{ podSelector: {}, policyTypes: ["Egress"], egress: [{}] }],
  );
});

for (const [size, probe] of [
  ["small", smallest],
  ["full", fullest],
] as const) {
  test(`the program understands the ${size} plan that the component writes`, async (t) => {
    const of = await made(t, "prod", probe);
    const plans = of("ConfigMap").flatMap(({ properties }) => {
      const plan = at(properties, "data", "plan.json");
      return typeof plan === "string" ? [plan] : [];
    });
    t.is(plans.length, 2);
    t.is(plans[0], plans[1]);
    const folder = await temporaryFolder(t);
    const file = (name: string) => path.join(folder, name);
    const binary = await egressProbeBinary();
    await run(binary, ["keys", "--private", file("private"), "--public", file("public")]);
    await writeFile(file("plan"), plans[0] ?? "");
    await writeFile(file("probe"), "{}");
    const { code, output } = await run(binary, [
      "verify",
      "--plan",
      file("plan"),
      "--key",
      file("public"),
      "--probe",
      file("probe"),
    ]);
    // The record is none; a plan that is not understood would be a usage error.
    t.is(code, 3, output);
    t.regex(output, /^invalid\n {2}probe: signed by ""/);
  });
}

test("the bill of materials says where the image comes from, and names no public registry for it", async (t) => {
  const root = await temporaryFolder(t);
  const { resources } = await readStack("prod", await stackWithProbe(root, "prod"));
  const { images } = billOfMaterials(resources, [], [], readLock());
  const [item, ...more] = images.filter(({ image }) => image.includes("egress-probe"));
  t.deepEqual(more, []);
  t.is(item?.builtFrom, "tools/egress-probe");
  t.false(Object.hasOwn(item ?? {}, "upstream"));
});

test("without the key a stack has no probe and no namespace for its control", async (t) => {
  const of = await made(t, "prod", {});
  t.deepEqual(of("Job"), []);
  t.deepEqual(
    of("Namespace").filter(({ name }) => name.includes("probe")),
    [],
  );
});
