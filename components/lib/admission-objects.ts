/** The objects of `admissionregistration.k8s.io/v1` as this product writes them, with every default spelt out. */

export interface ResourceRule {
  readonly apiGroups: readonly string[];
  readonly apiVersions: readonly string[];
  readonly operations: readonly Operation[];
  readonly resources: readonly string[];
  readonly scope: "*";
}

export type Operation = "CREATE" | "UPDATE" | "DELETE" | "CONNECT";

export interface NamespaceSelector {
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: "In";
    readonly values: readonly string[];
  }[];
}

export interface NamedExpression {
  readonly name: string;
  readonly expression: string;
}

export interface Validation {
  readonly expression: string;
  readonly message: string;
  readonly messageExpression: string;
  readonly reason: "Forbidden";
}

export interface Metadata {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface AdmissionPolicy {
  readonly apiVersion: "admissionregistration.k8s.io/v1";
  readonly kind: "ValidatingAdmissionPolicy";
  readonly metadata: Metadata;
  readonly spec: {
    readonly failurePolicy: "Fail";
    readonly matchConstraints: {
      readonly matchPolicy: "Equivalent";
      readonly namespaceSelector: NamespaceSelector;
      readonly objectSelector: Readonly<Record<string, never>>;
      readonly resourceRules: readonly ResourceRule[];
    };
    readonly matchConditions?: readonly NamedExpression[];
    readonly variables?: readonly NamedExpression[];
    readonly validations: readonly Validation[];
  };
}

export interface AdmissionBinding {
  readonly apiVersion: "admissionregistration.k8s.io/v1";
  readonly kind: "ValidatingAdmissionPolicyBinding";
  readonly metadata: Metadata;
  readonly spec: { readonly policyName: string; readonly validationActions: readonly ["Deny"] };
}

/** A policy and the binding that puts it in force. */
export interface AdmissionEntry {
  /** Short name within the set, such as "pods". */
  readonly name: string;
  /** Ids of the rules it stands for, sorted. */
  readonly rules: readonly string[];
  readonly policy: AdmissionPolicy;
  readonly binding: AdmissionBinding;
}
