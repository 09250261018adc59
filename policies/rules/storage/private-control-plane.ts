import { type Aws, type AwsResource, awsOf, given } from "../../cloud/aws.ts";
import { checkResourceKey } from "../../cloud/customer-key.ts";
import { groupOf } from "../../kubernetes/api-groups.ts";
import { checkAuditPolicy } from "../../kubernetes/audit-policy.ts";
import { configData, documentsOf } from "../../kubernetes/config-data.ts";
import { demandOneOf } from "../../kubernetes/demands.ts";
import { elements, get, isUnreadable, rootField, textOf } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { Resource } from "../../model/resource.ts";
import type { StackRule, Violation } from "../../model/rule.ts";
import type { Settings } from "../../model/settings.ts";
import { unreadable, violation } from "../../model/violation.ts";

export const privateControlPlane: StackRule = {
  id: "S06",
  name: "private-control-plane",
  level: "stack",
  description:
    "The Kubernetes API answers in the private network alone, keeps its Secrets encrypted with a key of the owner, writes an audit log without bodies, and no state lies in a hosted service.",
  severity: "critical",
  enforcement: "mandatory",
  mapping: { hipaa: ["164.312(b)"] },
  remedy: "close the public endpoint, encrypt Secrets with a key of your own and log audit events",
  check: (graph, settings) => {
    const aws = awsOf(graph);
    return [
      ...aws.all
        .filter(({ kind }) => kind === "eks.Cluster")
        .flatMap((cluster) => checkCluster(aws, cluster)),
      ...graph.objects.flatMap((object) => checkObject(object, settings)),
      ...graph.resources.flatMap(checkState),
    ];
  },
};

function checkCluster(aws: Aws, cluster: AwsResource): readonly Violation[] {
  return [
    ...demandOneOf(
      cluster,
      given(cluster, "vpcConfig", "endpointPublicAccess"),
      [false],
      "set endpointPublicAccess: false",
    ),
    ...demandOneOf(
      cluster,
      given(cluster, "vpcConfig", "endpointPrivateAccess"),
      [true],
      "set endpointPrivateAccess: true",
    ),
    ...checkEncryption(aws, cluster),
    ...checkLogs(cluster),
  ];
}

function checkEncryption(aws: Aws, cluster: AwsResource): readonly Violation[] {
  const config = given(cluster, "encryptionConfig");
  if (isUnreadable(config)) return [unreadable(cluster, config)];
  const resources = get(config, "resources");
  const listed = elements(resources);
  const hidden = listed.filter(isUnreadable);
  const missing = !listed.some(({ value }) => value === "secrets");
  return [
    ...hidden.map((field) => unreadable(cluster, field)),
    ...(missing && hidden.length === 0
      ? [
          violation(
            cluster,
            resources,
            'does not hold "secrets"',
            'set encryptionConfig.resources: ["secrets"]',
          ),
        ]
      : []),
    ...checkResourceKey(aws, cluster, get(config, "provider", "keyArn")),
  ];
}

function checkLogs(cluster: AwsResource): readonly Violation[] {
  const types = given(cluster, "enabledClusterLogTypes");
  const listed = elements(types);
  const hidden = listed.filter(isUnreadable);
  if (hidden.length > 0) return hidden.map((field) => unreadable(cluster, field));
  return ["audit", "authenticator"]
    .filter((wanted) => !listed.some(({ value }) => value === wanted))
    .map((wanted) => {
      const problem = `do not hold "${wanted}", so nobody learns who did what`;
      return violation(cluster, types, problem, `add "${wanted}" to enabledClusterLogTypes`);
    });
}

/** The audit policy of an API server that the site runs itself, as an object or a file. */
function checkObject(object: KubeObject, settings: Settings): readonly Violation[] {
  if (groupOf(object) === "audit.k8s.io" && object.kind === "Policy") {
    return checkAuditPolicy(object, rootField(object.body), settings);
  }
  return configData(object)
    .texts.filter(({ text }) => text.includes("audit.k8s.io/"))
    .flatMap(documentsOf)
    .flatMap((document) => {
      if (isUnreadable(document)) return [unreadable(object, document)];
      const isPolicy =
        get(document, "kind").value === "Policy" &&
        textOf(get(document, "apiVersion"))?.startsWith("audit.k8s.io/") === true;
      return isPolicy ? checkAuditPolicy(object, document, settings) : [];
    });
}

/** A backend of one's own calls its only organisation "organization"; the hosted one has real names. */
const ownBackend = /^organization\/[^/]+\/[^/]+$/;

/**
 * Where state lies shows in two places only: how another stack is named, and a provider that manages
 * the hosted service itself.
 */
function checkState(resource: Resource): readonly Violation[] {
  const root = rootField(resource.properties);
  if (
    resource.type === "pulumi:providers:pulumiservice" ||
    resource.type.startsWith("pulumiservice:")
  ) {
    const problem = "manages Pulumi's hosted service, where state lies outside";
    return [violation({ resource }, root, problem, "keep state in a backend of your own")];
  }
  if (resource.type !== "pulumi:pulumi:StackReference") return [];
  const name = get(root, "name");
  const shown = name.value === undefined ? resource.name : textOf(name);
  if (isUnreadable(name)) return [unreadable({ resource }, name)];
  if (ownBackend.test(shown ?? "")) return [];
  const problem = "names a stack of an organisation, so its state lies in a hosted service";
  return [
    violation(
      { resource },
      name,
      problem,
      "keep state in a backend of your own and write organization/project/stack",
    ),
  ];
}
