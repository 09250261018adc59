import { recordLabel, recordPrefix, recordUserKey } from "../../../components/gateway/names.ts";
import type { Settings } from "../../model/settings.ts";
import { allOf, anyOf, items, part, pattern, text } from "../cel.ts";
import type { AdmissionCheck } from "../check.ts";
import { mayTakeDown, resourceRule, type Target } from "../target.ts";

const touched = '(request.operation == "DELETE" ? oldObject : object)';

/**
 * Records of changes of the traffic: each says who really wrote it, and stays as it was written. None where
 * no stack names the gateway's namespace.
 */
export function trafficRecords({ gatewayNamespace }: Settings): readonly Target[] {
  if (gatewayNamespace === undefined) return [];
  return [
    {
      name: "traffic-records",
      namespaces: [gatewayNamespace],
      resourceRules: [
        resourceRule({ group: "", resources: ["configmaps"] }, ["CREATE", "UPDATE", "DELETE"]),
      ],
      conditions: [
        {
          // What becomes one by a change counts as well, and what would cease to be one.
          name: "is-a-record",
          expression: anyOf([
            `request.operation != "DELETE" && ${isRecord("object")}`,
            `request.operation != "CREATE" && ${isRecord("oldObject")}`,
          ]),
        },
      ],
      subject: `"ConfigMap " + request.namespace + "/" + ${touched}.metadata.name`,
      checks: [...whenWritten, stays, goesLast],
    },
  ];
}

function isRecord(object: string): string {
  return anyOf([
    `${object}.metadata.name.startsWith(${text(recordPrefix)})`,
    `${text(recordLabel)} in ${part(object, "metadata", "labels")}`,
  ]);
}

function written(holds: string, problem: string, remedy: string): AdmissionCheck {
  return { rule: "C04", holds: `request.operation != "CREATE" || ${holds}`, problem, remedy };
}

const whenWritten: readonly AdmissionCheck[] = [
  written(
    allOf([
      `object.metadata.name.matches(${pattern(`^${recordPrefix}[0-9]{6}$`)})`,
      `${part("object", "metadata", "labels")}[?${text(recordLabel)}].orValue("") == "true"`,
    ]),
    "has the name or the label of a record of traffic without the other",
    `name it ${recordPrefix} and six digits, with the label ${recordLabel}: "true", as traffic does`,
  ),
  written(
    "object.?immutable.orValue(false)",
    "is a record of traffic that could be altered",
    "set immutable: true, as traffic does",
  ),
  written(
    `${part("object", "data")}[?${text(recordUserKey)}].orValue("") == request.userInfo.username`,
    "is a record of traffic in the name of somebody else",
    "let traffic write it, as the user who asks",
  ),
  written(
    `size(${items("object.metadata", "ownerReferences")}) == 0`,
    "is a record of traffic that goes with an owner",
    "remove metadata.ownerReferences",
  ),
];

const stays: AdmissionCheck = {
  rule: "C04",
  holds: 'request.operation != "UPDATE"',
  problem: "is a record of traffic, or would be one, and records are written once",
  remedy: "make a new change with traffic, which writes a record of its own",
};

const goesLast: AdmissionCheck = {
  rule: "C04",
  holds: `request.operation != "DELETE" || ${mayTakeDown}`,
  problem: "is a record of traffic, and the chain would be broken without it",
  remedy: "remove it with the stack, with the rights to remove its admission policies",
};
