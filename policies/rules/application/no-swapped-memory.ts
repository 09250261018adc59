import { groupOf } from "../../kubernetes/api-groups.ts";
import { configTexts, textsBelow } from "../../kubernetes/config-texts.ts";
import { enginesOf } from "../../kubernetes/engine-settings.ts";
import { topicViolations } from "../../kubernetes/engine-topics.ts";
import { type Field, get, isUnreadable, rootField, textOf } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { Resource } from "../../model/resource.ts";
import type { StackRule, Violation } from "../../model/rule.ts";
import { violation } from "../../model/violation.ts";

export const noSwappedMemory: StackRule = {
  id: "A14",
  name: "no-swapped-memory",
  level: "stack",
  description:
    "What an engine keeps of prompts stays in memory: no cache is moved to a disk, and nodes do not swap.",
  severity: "medium",
  enforcement: "advisory",
  mapping: { hipaa: ["164.312(a)(2)(iv)"] },
  remedy:
    "keep the cache in the GPU and leave swap off, or encrypt the disk with a key of your own",
  check: (graph, settings) => [
    ...graph.objects.flatMap((object) => [
      ...enginesOf(object, settings).flatMap((engine) =>
        topicViolations(object, engine, "offload"),
      ),
      ...swappingTexts(object),
    ]),
    ...graph.resources.flatMap(swappingNodes),
  ],
};

/** Settings of a kubelet, and commands of a node, that let memory go to a disk. */
const swap =
  /failSwapOn["']?\s*[:=]\s*["']?false|--fail-swap-on(?:=|\s+)false|swapBehavior["']?\s*[:=]\s*["']?(?:Limited|Unlimited)Swap|\b(?:mkswap|swapon)\b|\bNodeSwap["']?\s*[:=]\s*["']?true/;

/** Custom resources that carry settings of nodes. */
const nodeKinds: ReadonlySet<string> = new Set([
  "bootstrap.cluster.x-k8s.io/KubeadmConfig",
  "bootstrap.cluster.x-k8s.io/KubeadmConfigTemplate",
  "karpenter.k8s.aws/EC2NodeClass",
  "machineconfiguration.openshift.io/KubeletConfig",
  "machineconfiguration.openshift.io/MachineConfig",
]);

function swappingTexts(object: KubeObject): readonly Violation[] {
  const texts = configTexts(object).map(({ field, text }) => ({ field, text }));
  const settings = nodeKinds.has(`${groupOf(object)}/${object.kind}`)
    ? nodeSettings(get(rootField(object.body), "spec"))
    : [];
  return [...texts, ...settings]
    .filter(({ text }) => swap.test(text))
    .map(({ field }) => violation(object, field, "lets nodes move memory to a disk"));
}

/** The settings as one text, and each text among them by itself. */
function nodeSettings(spec: Field): readonly { readonly field: Field; readonly text: string }[] {
  const whole = spec.value === undefined ? [] : [{ field: spec, text: json(spec) }];
  const each = [...textsBelow(spec)].map((field) => ({ field, text: textOf(field) ?? "" }));
  const found = each.filter(({ text }) => swap.test(text));
  return found.length > 0 ? found : whole;
}

function json(field: Field): string {
  return JSON.stringify(field.value, (_, value: unknown) =>
    typeof value === "symbol" ? null : value,
  );
}

const nodeTypes =
  /^aws:ec2\/(?:instance:Instance|launchConfiguration:LaunchConfiguration|launchTemplate:LaunchTemplate)$/;

/** Scripts with which machines of a provider start. */
function swappingNodes(resource: Resource): readonly Violation[] {
  if (!nodeTypes.test(resource.type)) return [];
  return ["userData", "userDataBase64"].flatMap((name) => {
    const field = get(rootField(resource.properties), name);
    const text = textOf(field);
    if (text === undefined || isUnreadable(field)) return [];
    const decoded = Buffer.from(text, "base64").toString("utf8");
    if (!swap.test(text) && !swap.test(decoded)) return [];
    return [{ resource, path: field.path, problem: "lets nodes move memory to a disk" }];
  });
}
