import {
  credentialSources,
  longestTokenSeconds,
  sharedAccount,
  tokenHolder,
  tokenSecretType,
} from "../../data/credentials.ts";
import { isKind } from "../../kubernetes/api-groups.ts";
import { demandOneOf } from "../../kubernetes/demands.ts";
import { podTemplate } from "../../kubernetes/pod-templates.ts";
import { inInfrastructure } from "../../kubernetes/scope.ts";
import { elements, type Field, get, isUnreadable, rootField } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { ResourceRule, Violation } from "../../model/rule.ts";
import type { Settings } from "../../model/settings.ts";
import { unreadable, violation } from "../../model/violation.ts";

const accountRemedy = "make a ServiceAccount for this workload and name it";

export const noServiceAccountToken: ResourceRule = {
  id: "W03",
  name: "no-service-account-token",
  level: "resource",
  description:
    "No pod outside the infrastructure namespaces carries a token of the Kubernetes API, but a short-lived one of the gateway's route controller, and each runs under a service account of its own.",
  severity: "high",
  enforcement: "mandatory",
  mapping: { cis: ["5.1.6"], nsa: ["Auth"] },
  remedy:
    "set automountServiceAccountToken: false and a dedicated serviceAccountName in the pod spec",
  check: (object, settings) => {
    if (inInfrastructure(object, settings)) return [];
    if (isKind(object, "Secret")) return checkSecret(object);
    const template = podTemplate(object);
    if (template === undefined) return [];
    const { spec } = template;
    if (isUnreadable(spec)) return [unreadable(object, spec)];
    return [
      ...demandOneOf(
        object,
        get(spec, "automountServiceAccountToken"),
        [false],
        "set automountServiceAccountToken: false in the pod spec",
      ),
      ...checkAccount(object, accountOf(spec)),
      ...elements(get(spec, "volumes")).flatMap((volume) =>
        checkVolume(object, volume, isTokenHolder(object, spec, settings)),
      ),
    ];
  },
};

/** The API server takes `serviceAccount`, the older name of the field, where the newer one is absent. */
function accountOf(spec: Field): Field {
  const account = get(spec, "serviceAccountName");
  const older = get(spec, "serviceAccount");
  return account.value === undefined && older.value !== undefined ? older : account;
}

function checkSecret(secret: KubeObject): readonly Violation[] {
  const type = get(rootField(secret.body), "type");
  if (type.value !== tokenSecretType) return [];
  const problem = "holds a token of the Kubernetes API for any pod that mounts it";
  return [violation(secret, type, problem, "remove the Secret")];
}

function checkAccount(object: KubeObject, account: Field): readonly Violation[] {
  if (isUnreadable(account)) return [unreadable(object, account)];
  if (account.value === undefined || account.value === "") {
    const problem = 'is absent, so the pod runs as "default"';
    return [violation(object, account, problem, accountRemedy)];
  }
  if (account.value !== sharedAccount) return [];
  const problem = 'is "default", which every pod of the namespace may share';
  return [violation(object, account, problem, accountRemedy)];
}

/** The route controller, by its account: only its pods are made under it in the gateway's namespace. */
function isTokenHolder(
  { namespace }: KubeObject,
  spec: Field,
  { gatewayNamespace }: Settings,
): boolean {
  return (
    gatewayNamespace !== undefined &&
    namespace === gatewayNamespace &&
    accountOf(spec).value === tokenHolder
  );
}

/** A token that is soon worth nothing, for the API server alone. */
function isShortLived(source: Field, credential: string): boolean {
  if (credential !== "serviceAccountToken") return false;
  const token = get(source, credential);
  const seconds = get(token, "expirationSeconds").value;
  return (
    typeof seconds === "number" &&
    seconds <= longestTokenSeconds &&
    get(token, "audience").value === undefined
  );
}

function checkVolume(object: KubeObject, volume: Field, holder: boolean): readonly Violation[] {
  const sources = elements(get(volume, "projected", "sources"));
  return sources.flatMap((source) => {
    if (isUnreadable(source)) return [unreadable(object, source)];
    return credentialSources
      .filter((name) => !(holder && isShortLived(source, name)))
      .map((name) => get(source, name))
      .filter((credential) => credential.value !== undefined)
      .map((credential) =>
        violation(
          object,
          credential,
          "mounts a credential of the Kubernetes API",
          "remove the projected source",
        ),
      );
  });
}
