import type {
  AdmissionEntry,
  AdmissionPolicy,
  Metadata,
  NamespaceSelector,
} from "../../components/lib/admission-objects.ts";
import { compareText } from "../../components/lib/compare-text.ts";
import { namespaceName } from "../../components/lib/labels.ts";
import { onceEach } from "../model/once-each.ts";
import type { Settings } from "../model/settings.ts";
import { anyOf } from "./cel.ts";
import { type AdmissionCheck, messageExpression, staticMessage } from "./check.ts";
import { exempted } from "./exceptions.ts";
import { type Scope, scopeOf } from "./scope.ts";
import { namespacedSubject, type Target, writes } from "./target.ts";
import { connections, grants, secrets, tokens } from "./targets/access.ts";
import { pluginPolicies, tierPolicies, volumes } from "./targets/cluster-wide.ts";
import { modelPods } from "./targets/model-pods.ts";
import { namespaces } from "./targets/namespaces.ts";
import { defaultDeny, gatewayPolicies, networkPolicies } from "./targets/network-policies.ts";
import { pods } from "./targets/pods.ts";
import { deviceClaims, secondaryNetworks } from "./targets/secondary-networks.ts";
import { endpoints, routes, services } from "./targets/services.ts";
import { trafficRecords } from "./targets/traffic-records.ts";
import { fingerprint, fingerprintAnnotation, witness } from "./witness.ts";

/**
 * The rules that make sense for objects which do not come through the stack, as policies of the API server
 * itself. Namespaces and settings stand in them as literals: a parameter would be an object that somebody
 * could change. Sorted by name; the last answers for the others. Empty where no stack names its namespaces.
 * Made once for each settings: a check asks for it with every look at a graph.
 */
export const admissionSet: (settings: Settings) => readonly AdmissionEntry[] = onceEach(generate);

function generate(settings: Settings): readonly AdmissionEntry[] {
  const scope = scopeOf(settings);
  if (scope === undefined) return [];
  const entries = targets(scope, settings)
    .map((target) => entryOf(target, scope, settings))
    .toSorted((a, b) => compareText(a.policy.metadata.name, b.policy.metadata.name));
  const print = fingerprint(entries);
  const last = entryOf(witness(scope, print), scope, settings, { [fingerprintAnnotation]: print });
  return [...entries, last];
}

function targets(scope: Scope, settings: Settings): readonly Target[] {
  return [
    networkPolicies(scope, settings),
    defaultDeny(scope),
    ...(scope.gateway.length === 0 ? [] : [gatewayPolicies(scope)]),
    services(scope),
    endpoints(scope, settings),
    routes(scope, settings),
    pluginPolicies(scope),
    tierPolicies(scope),
    namespaces(scope, settings),
    pods(scope, settings),
    modelPods(scope, settings),
    connections(scope, settings),
    grants(scope, settings),
    tokens(scope),
    secrets(scope),
    secondaryNetworks(scope, settings),
    deviceClaims(scope, settings),
    volumes(scope),
    ...trafficRecords(settings),
  ];
}

function entryOf(
  target: Target,
  scope: Scope,
  settings: Settings,
  annotations?: Readonly<Record<string, string>>,
): AdmissionEntry {
  const metadata: Metadata = {
    // Two stacks on one cluster have namespaces of their own, and so policies of their own.
    name: `private-llm-${scope.inference[0] ?? ""}-${target.name}`,
    labels: { "app.kubernetes.io/part-of": "private-llm" },
    ...(annotations === undefined ? {} : { annotations }),
  };
  return {
    name: target.name,
    rules: [...new Set(target.checks.map(({ rule }) => rule))].toSorted(compareText),
    policy: policyOf(target, metadata, settings),
    binding: {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingAdmissionPolicyBinding",
      metadata,
      spec: { policyName: metadata.name, validationActions: ["Deny"] },
    },
  };
}

function policyOf(target: Target, metadata: Metadata, settings: Settings): AdmissionPolicy {
  const { resourceRules, conditions, variables, checks, subject = namespacedSubject } = target;
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicy",
    metadata,
    spec: {
      failurePolicy: "Fail",
      matchConstraints: {
        matchPolicy: "Equivalent",
        namespaceSelector: selectorOf(target.namespaces),
        objectSelector: {},
        resourceRules,
      },
      ...(conditions === undefined ? {} : { matchConditions: conditions }),
      ...(variables === undefined ? {} : { variables }),
      validations: checks.map((check) => ({
        expression: expressionOf(target, check, settings),
        message: staticMessage(check),
        messageExpression: messageExpression(check, subject),
        reason: "Forbidden",
      })),
    },
  };
}

/** A request that brings no object of its own, such as a deletion, is excepted from nothing. */
function expressionOf(
  { resourceRules }: Target,
  { rule, holds }: AdmissionCheck,
  { policies }: Settings,
): string {
  const bringsObject = resourceRules.every(({ operations }) =>
    operations.every((operation) => writes.includes(operation)),
  );
  const excepted = bringsObject ? exempted(rule, policies.exceptions) : undefined;
  return excepted === undefined ? holds : anyOf([excepted, holds]);
}

/** The one label of a namespace that nobody can change. */
function selectorOf(names: readonly string[] | undefined): NamespaceSelector {
  if (names === undefined) return {};
  return { matchExpressions: [{ key: namespaceName, operator: "In", values: names }] };
}
