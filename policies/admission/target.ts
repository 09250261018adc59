import type {
  NamedExpression,
  Operation,
  ResourceRule,
} from "../../components/lib/admission-objects.ts";
import type { GroupResources } from "../data/exposure.ts";
import type { AdmissionCheck } from "./check.ts";

/** Requests of one sort, and what is demanded of them; becomes one policy. */
export interface Target {
  /** Last part of the policy's name, such as "pods". */
  readonly name: string;
  /** Namespaces of the objects. @default - the objects lie in none */
  readonly namespaces?: readonly string[];
  readonly resourceRules: readonly ResourceRule[];
  /** A request that fails one of these is none of this policy's business. */
  readonly conditions?: readonly NamedExpression[];
  readonly variables?: readonly NamedExpression[];
  /** CEL that names the object. @default - kind, namespace and name of a namespaced object */
  readonly subject?: string;
  /** At least one. */
  readonly checks: readonly AdmissionCheck[];
}

export const writes: readonly Operation[] = ["CREATE", "UPDATE"];

export function resourceRule(
  { group, resources }: GroupResources,
  operations: readonly Operation[],
): ResourceRule {
  return { apiGroups: [group], apiVersions: ["*"], operations, resources, scope: "*" };
}

export const namespacedSubject =
  'object.kind + " " + request.namespace + "/" + object.metadata.name';

/** For requests without an object, or with one that is not the one asked about. */
export const requestSubject = 'request.kind.kind + " " + request.namespace + "/" + request.name';

export const clusterSubject = 'object.kind + " " + object.metadata.name';

/**
 * Whether the requester could take the admission policies down anyway: then a refusal would only be in the
 * way of `down` and of `pulumi destroy`. It holds for who deploys the stack, and for the controllers that
 * empty a namespace and collect garbage; owners of a namespace have no such right.
 */
export const mayTakeDown =
  'authorizer.group("admissionregistration.k8s.io").resource("validatingadmissionpolicybindings").check("delete").allowed()';
