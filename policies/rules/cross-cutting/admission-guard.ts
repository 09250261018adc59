import { isDeepStrictEqual } from "node:util";
import type { AdmissionEntry } from "../../../components/lib/admission-objects.ts";
import { compareText } from "../../../components/lib/compare-text.ts";
import { admissionSet } from "../../admission/admission-set.ts";
import { isKind } from "../../kubernetes/api-groups.ts";
import { get, isUnreadable, rootField } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { Graph, StackRule, Violation } from "../../model/rule.ts";
import type { Settings } from "../../model/settings.ts";
import { unreadable, violation } from "../../model/violation.ts";
import { differences } from "./admission/differences.ts";

export const admissionGuard: StackRule = {
  id: "C04",
  name: "admission-guard",
  level: "stack",
  description:
    "A stack that makes an inference namespace also makes the API server refuse what its rules refuse, and nothing in it changes objects of that namespace on their way in.",
  severity: "high",
  enforcement: "mandatory",
  mapping: {},
  remedy:
    "register the generated admission policies as they are, and change the settings that they come from instead",
  check: (graph, settings) => [...checkSet(graph, settings), ...foreignMutations(graph)],
};

/** C02 judges mutating policies and webhooks of the stack; a binding can put one in force that it does not hold. */
function foreignMutations({ objects }: Graph): readonly Violation[] {
  const policies = new Set(
    objects.filter((each) => isKind(each, "MutatingAdmissionPolicy")).map(({ name }) => name),
  );
  return objects
    .filter((object) => isKind(object, "MutatingAdmissionPolicyBinding"))
    .flatMap((object) => {
      const name = get(rootField(object.body), "spec", "policyName");
      if (isUnreadable(name)) return [unreadable(object, name)];
      if (typeof name.value === "string" && policies.has(name.value)) return [];
      const problem = "puts a policy in force that changes objects and is not in the stack";
      return [
        violation(object, name, problem, "add the policy to the stack, or remove its binding"),
      ];
    });
}

/** Who makes the namespace makes its guards; other stacks may put workloads behind them. */
function checkSet(graph: Graph, settings: Settings): readonly Violation[] {
  const { inferenceNamespaces: names } = settings;
  if (names === "every") return [];
  // By URN: the order of a graph is not stable and must not show in a report.
  const [owner] = graph.objects
    .filter(
      (object) =>
        isKind(object, "Namespace") && typeof object.name === "string" && names.has(object.name),
    )
    .toSorted((x, y) => compareText(x.resource.urn, y.resource.urn));
  if (owner === undefined) return [];
  const registered = Map.groupBy(graph.objects.filter(isAdmission), key);
  return admissionSet(settings).flatMap((entry) =>
    [entry.policy, entry.binding].flatMap((wanted) =>
      checkObject(wanted, registered.get(key(wanted)) ?? [], entry, owner),
    ),
  );
}

type Wanted = AdmissionEntry["policy"] | AdmissionEntry["binding"];

function isAdmission({ apiVersion, name }: KubeObject): boolean {
  return apiVersion === "admissionregistration.k8s.io/v1" && typeof name === "string";
}

function key(object: KubeObject | Wanted): string {
  const name = "metadata" in object ? object.metadata.name : object.name;
  return `${object.kind}/${String(name)}`;
}

function checkObject(
  wanted: Wanted,
  [found, ...others]: readonly KubeObject[],
  { rules }: AdmissionEntry,
  owner: KubeObject,
): readonly Violation[] {
  if (found === undefined) {
    const problem = `comes without the ${wanted.kind} "${wanted.metadata.name}", which stands for ${rules.join(", ")}`;
    return [violation(owner, get(rootField(owner.body), "metadata", "name"), problem)];
  }
  if (others.length > 0) {
    return [found, ...others].map((object) =>
      violation(
        object,
        get(rootField(object.body), "metadata", "name"),
        "stands in the stack more than once, so the one applied last replaces the others",
        "register it once",
      ),
    );
  }
  // Nearly always equal, and then quickly told.
  if (isDeepStrictEqual(found.body["spec"], wanted.spec)) return [];
  return differences(found, get(rootField(found.body), "spec"), wanted.spec);
}
