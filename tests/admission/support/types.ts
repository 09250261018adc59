import type {
  AdmissionPolicy,
  NamedExpression,
} from "../../../components/lib/admission-objects.ts";
import type { KubeClient } from "../../../deploy/api/client.ts";
import { applyObject } from "../../../deploy/api/objects.ts";
import { podVariables } from "../../../policies/admission/pod-template.ts";
import { at, isArray } from "../../../policies/model/value.ts";
import { get, textAt } from "../../deploy/support/real-cluster.ts";
import { plain, until } from "./site.ts";

/**
 * The API server gives no types to variables, and pods are read through variables, since templates differ
 * in their paths. Here the same expressions are read with the types of a Pod in their places.
 */
const typed: Readonly<Record<string, string>> = {
  "variables.template": "object",
  "variables.spec": "object.spec",
  "variables.containers": "object.spec.containers",
  "variables.volumes": "object.spec.volumes",
  "variables.running": "object.spec.containers",
};

function withTypes(expression: string): string {
  return Object.entries(typed).reduce(
    (text, [variable, value]) => text.replaceAll(variable, value),
    expression,
  );
}

const group = "admissionregistration.k8s.io/v1";

export function readsPods({ spec }: AdmissionPolicy): boolean {
  return spec.variables?.some(({ name }) => name === podVariables[0].name) ?? false;
}

/** What the API server finds wrong with the types of a policy's expressions where they read a Pod. */
export function typedWarnings(client: KubeClient, policy: AdmissionPolicy) {
  const variables = (policy.spec.variables ?? [])
    .filter(({ name }) => name === "engines")
    .map(({ expression }) => `size(${withTypes(expression)}) >= 0`);
  const validations = policy.spec.validations.map(({ expression }) => withTypes(expression));
  const expressions = [...validations, ...variables];
  return expressionWarnings(client, policy.metadata.name, expressions, policy.spec.variables);
}

/** What it finds wrong with expressions on Pods. */
export async function expressionWarnings(
  client: KubeClient,
  name: string,
  expressions: readonly string[],
  variables: readonly NamedExpression[] = podVariables,
): Promise<readonly string[]> {
  const own = `typed-${name}`;
  const resourceRules = [
    { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] },
  ];
  const sent = plain({
    apiVersion: group,
    kind: "ValidatingAdmissionPolicy",
    metadata: { name: own },
    spec: {
      matchConstraints: { resourceRules },
      variables,
      validations: expressions.map((expression) => ({ expression })),
    },
  });
  const path = `/apis/${group}/validatingadmissionpolicies/${own}`;
  const { status, body } = await applyObject(client, path, sent, { force: true });
  if (status >= 300) throw new Error(textAt(body, "message").slice(0, 2000));
  return warnings(client, own);
}

/** What the API server's own look at a policy has found. */
export async function warnings(client: KubeClient, name: string): Promise<readonly string[]> {
  const path = `/apis/${group}/validatingadmissionpolicies/${name}`;
  const checked = await until(
    () => get(client, path),
    (policy) =>
      at(policy, "status", "observedGeneration") === at(policy, "metadata", "generation") &&
      at(policy, "status", "typeChecking") !== undefined,
  );
  const found = at(checked, "status", "typeChecking", "expressionWarnings");
  return (isArray(found) ? found : []).map(
    (warning) =>
      `${textAt(warning, "fieldRef")}: ${textAt(warning, "warning").split("\n", 1)[0] ?? ""}`,
  );
}
