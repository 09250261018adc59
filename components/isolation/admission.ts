import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { AdmissionEntry, AdmissionPolicy } from "../lib/admission-objects.ts";

type PolicyArgs = k8s.admissionregistration.v1.ValidatingAdmissionPolicyArgs;

export interface AdmissionArgs {
  /** Policies with their bindings, in the order in which they are to be written; the last one answers for all. */
  readonly entries: readonly AdmissionEntry[];
}

/** What the API server itself refuses, whoever asks: the same rules for what does not come through the stack. */
export class Admission extends pulumi.ComponentResource {
  /** The leaf that comes last, behind all others: what has to wait for admission waits for it. */
  readonly guards: readonly pulumi.Resource[];

  constructor(name: string, { entries }: AdmissionArgs, opts: pulumi.ComponentResourceOptions) {
    const rules = Object.fromEntries(entries.map((entry) => [entry.name, entry.rules]));
    super("llm:isolation:Admission", name, { rules }, opts);
    const bindings: pulumi.Resource[] = [];
    for (const [index, { name: target, policy, binding }] of entries.entries()) {
      const child = `${name}-${target}`;
      const last = index === entries.length - 1;
      const made = new k8s.admissionregistration.v1.ValidatingAdmissionPolicy(
        child,
        policyArgs(policy),
        { parent: this },
      );
      bindings.push(
        new k8s.admissionregistration.v1.ValidatingAdmissionPolicyBinding(
          child,
          {
            metadata: metadataArgs(binding.metadata),
            spec: {
              policyName: binding.spec.policyName,
              validationActions: [...binding.spec.validationActions],
            },
          },
          { parent: this, dependsOn: last ? [made, ...bindings] : [made] },
        ),
      );
    }
    this.guards = bindings.slice(-1);
    this.registerOutputs({});
  }
}

function policyArgs({ metadata, spec }: AdmissionPolicy): PolicyArgs {
  const { matchConstraints, matchConditions, variables, validations, ...rest } = spec;
  const { namespaceSelector, resourceRules, ...match } = matchConstraints;
  return {
    metadata: metadataArgs(metadata),
    spec: {
      ...rest,
      matchConstraints: {
        ...match,
        namespaceSelector: selectorArgs(namespaceSelector),
        resourceRules: resourceRules.map((rule) => ({
          apiGroups: [...rule.apiGroups],
          apiVersions: [...rule.apiVersions],
          operations: [...rule.operations],
          resources: [...rule.resources],
          scope: rule.scope,
        })),
      },
      ...(matchConditions === undefined ? {} : { matchConditions: [...matchConditions] }),
      ...(variables === undefined ? {} : { variables: [...variables] }),
      validations: [...validations],
    },
  };
}

function selectorArgs({
  matchExpressions,
}: AdmissionPolicy["spec"]["matchConstraints"]["namespaceSelector"]) {
  if (matchExpressions === undefined) return {};
  return { matchExpressions: matchExpressions.map((one) => ({ ...one, values: [...one.values] })) };
}

function metadataArgs({ name, labels, annotations }: AdmissionPolicy["metadata"]) {
  return { name, labels: { ...labels }, ...(annotations === undefined ? {} : { annotations }) };
}
