import { meshKeys } from "../../data/mesh.ts";
import type { Settings } from "../../model/settings.ts";
import { items, list, part } from "../cel.ts";
import { type AdmissionCheck, meshFree } from "../check.ts";
import type { Scope } from "../scope.ts";
import { mayTakeDown, resourceRule, type Target } from "../target.ts";
import { ownNetworkAlone } from "../workload/networks.ts";

const labels = part("object.metadata", "labels");
const enforced = "pod-security.kubernetes.io/enforce";

/**
 * The namespaces themselves: their labels decide on Pod Security and on meshes. Labels can also be set
 * through the subresources, hence all three.
 */
export function namespaces(scope: Scope, settings: Settings): Target {
  const name = '(request.operation == "DELETE" ? oldObject : object).metadata.name';
  const checks: AdmissionCheck[] = [
    {
      rule: "W01",
      holds: `${labels}[?"${enforced}"].orValue("") == "restricted" && ${labels}[?"${enforced}-version"].orValue("latest") == "latest"`,
      problem: "does not enforce the restricted Pod Security Standard in its latest version",
      remedy: `set the label ${enforced}: restricted, and no version`,
    },
    meshFree(labels, "has a label", meshKeys),
    meshFree(part("object.metadata", "annotations"), "has an annotation", meshKeys),
    ...["labels", "annotations"].map((map) => ({
      rule: "E18",
      holds: ownNetworkAlone(part("object.metadata", map), settings),
      problem: "gives its pods a network beside the cluster's own, where no network policy holds",
      remedy: "remove the label or annotation",
    })),
    {
      rule: "E04",
      holds: `size(${items("object.metadata", "ownerReferences")}) == 0`,
      problem: "goes with an owner, and its default deny with it",
      remedy: "remove metadata.ownerReferences",
    },
  ];
  return {
    name: "namespaces",
    resourceRules: [
      resourceRule(
        { group: "", resources: ["namespaces", "namespaces/status", "namespaces/finalize"] },
        ["CREATE", "UPDATE", "DELETE"],
      ),
    ],
    conditions: [
      { name: "is-guarded", expression: `${name} in ${list(scope.closed)}` },
      {
        // Its controller takes the finalizer off at the end; no pod starts in it any more.
        name: "is-not-on-its-way-out",
        expression: 'request.operation != "UPDATE" || !has(object.metadata.deletionTimestamp)',
      },
    ],
    subject: `"Namespace " + ${name}`,
    checks: [
      {
        rule: "E04",
        holds: `request.operation != "DELETE" || ${mayTakeDown}`,
        problem: "holds the default deny and goes with it",
        remedy: "remove it with the stack, with the rights to remove its admission policies",
      },
      ...checks.map((check) => ({
        ...check,
        holds: `request.operation == "DELETE" || (${check.holds})`,
      })),
    ],
  };
}
