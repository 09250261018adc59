import test from "ava";
import { waitUntilInForce, witnessOf } from "../../deploy/admission.ts";
import type { KubeClient } from "../../deploy/api/client.ts";
import type { DeployableStack } from "../../deploy/stack.ts";
import { settingsOfStack } from "../../policies/settings/stack-file.ts";
import { silentProgress } from "../../tools/cluster/progress.ts";
import { guardedBy } from "../admission/support/site.ts";
import { planned } from "./support/plan.ts";
import {
  applied,
  devStack,
  get,
  type Laboratory,
  laboratory,
  textAt,
} from "./support/real-cluster.ts";

let lab: Laboratory;
let client: KubeClient;
let dev: DeployableStack;

test.before(async (t) => {
  // On a machine without the tools they are built first, which takes minutes.
  t.timeout(30 * 60_000);
  lab = await laboratory();
  ({ client } = await lab.start("guard"));
  dev = await devStack();
  await applied(client, dev);
});

test.after.always(async () => {
  await lab?.close();
});

const deployment = "/apis/apps/v1/namespaces/inference/deployments/llama-3-70b";

/** The stack with another registry, in its policies as well or in its workload alone. */
function moved(policies: boolean): DeployableStack {
  const { settings } = settingsOfStack("dev");
  const to = "registry.moved.example.internal";
  const text = JSON.stringify(dev.planned);
  const workload = {
    ...dev,
    planned: JSON.parse(text.replaceAll(/"image":"[^/"]+\//g, `"image":"${to}/`)),
  };
  return policies ? guardedBy(workload, { ...settings, registry: to }) : workload;
}

test("what the admission policies refuse is known before anything is changed", async (t) => {
  const error = await t.throwsAsync(applied(client, moved(false)));
  t.regex(
    error.message,
    /^nothing was changed; the cluster would refuse\n[^]*^ {2}Deployment gateway\/gateway: .*W04: Deployment gateway\/gateway: container envoy is not named by its digest, or does not come from the registry registry\.dev\.example\.internal\./m,
  );
  // Two policies refuse the verifier of weights from elsewhere, and the API server tells of one of them.
  t.regex(
    error.message,
    /^ {2}Deployment inference\/llama-3-70b: .*W0[45]: Deployment inference\/llama-3-70b: container verify-weights/m,
  );
});

test("policies that change with the workload are in force before it comes", async (t) => {
  const result = await applied(client, moved(true));
  t.true(result.steps.some((step) => step.startsWith("changed Deployment inference/llama-3-70b")));
  const image = textAt(
    await get(client, deployment),
    "spec",
    "template",
    "spec",
    "containers",
    0,
    "image",
  );
  t.regex(image, /^registry\.moved\.example\.internal\//);
  t.true((await applied(client, dev)).changed > 0);
});

test("a policy that the stack no longer has goes before it can refuse", async (t) => {
  const name = "private-llm-inference-left-over";
  const apiVersion = "admissionregistration.k8s.io/v1";
  const metadata = { name };
  const more = { apiVersion, namespace: undefined };
  const policy = {
    failurePolicy: "Fail",
    matchConstraints: {
      resourceRules: [
        {
          apiGroups: ["apps"],
          apiVersions: ["v1"],
          operations: ["UPDATE"],
          resources: ["deployments"],
        },
      ],
    },
    validations: [
      { expression: '!object.spec.template.spec.containers[0].image.contains("moved")' },
    ],
  };
  const binding = { policyName: name, validationActions: ["Deny"] };
  const extra = [
    planned("ValidatingAdmissionPolicy", name, { metadata, spec: policy }, more),
    planned("ValidatingAdmissionPolicyBinding", name, { metadata, spec: binding }, more),
  ];
  const walls = dev.planned.findLastIndex(({ kind }) => kind.startsWith("ValidatingAdmission")) + 1;
  const older = { ...dev, planned: dev.planned.toSpliced(walls, 0, ...extra) };
  t.is((await applied(client, older)).created, 2);
  t.is((await applied(client, moved(true))).pruned, 2);
  await applied(client, dev);
});

test("policies that do not come into force are an error, not a wait without end", async (t) => {
  const witness = witnessOf(dev.planned);
  if (witness === undefined) throw new Error("the dev stack has no witness");
  const options = { client, progress: silentProgress, signal: undefined };
  await t.notThrowsAsync(waitUntilInForce(witness, options));
  await t.throwsAsync(
    waitUntilInForce({ ...witness, fingerprint: "of no policies" }, { ...options, patience: 1 }),
    {
      message: /^the admission policies are written and not in force after 1 s/,
    },
  );
  t.is(
    witnessOf(dev.planned.filter(({ kind }) => kind !== "ValidatingAdmissionPolicy")),
    undefined,
  );
});

test("the stack's own default deny can be deleted by who deploys it", async (t) => {
  const place = "/apis/networking.k8s.io/v1/namespaces/inference/networkpolicies/default-deny";
  const { status, body } = await client.send("DELETE", place, { body: { dryRun: ["All"] } });
  t.is(status, 200, textAt(body, "message"));
});
