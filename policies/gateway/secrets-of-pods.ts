import {
  closedGateway,
  egressGateway,
  egressKeySecret,
  engineKeysSecret,
  keysFile,
  keysSecret,
  limitsCounter,
  limitsService,
  noKeysSecret,
  openGateway,
} from "../../components/gateway/names.ts";
import { containersOf, podTemplate } from "../kubernetes/pod-templates.ts";
import { elements, type Field, get, isUnreadable, textOf } from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import type { Violation } from "../model/rule.ts";
import { unreadable, violation } from "../model/violation.ts";
import { isPart } from "./parts.ts";

/** A place of a pod that names a Secret. */
interface Reference {
  /** The name itself. */
  readonly name: Field;
  /** Entries that are taken; all where none are listed. */
  readonly keys: readonly Field[];
}

/** Every way in which a pod can see a Secret. */
function references(object: KubeObject): readonly Reference[] {
  const template = podTemplate(object);
  if (template === undefined) return [];
  const volumes = elements(get(template.spec, "volumes"));
  const secretOf = (source: Field, name: string): Reference[] =>
    source.value === undefined
      ? []
      : [
          {
            name: get(source, name),
            keys: elements(get(source, "items")).map((item) => get(item, "key")),
          },
        ];
  const environment = containersOf(template).flatMap(({ field }) => [
    ...elements(get(field, "env")).map((entry) => get(entry, "valueFrom", "secretKeyRef")),
    ...elements(get(field, "envFrom")).map((entry) => get(entry, "secretRef")),
  ]);
  return [
    ...volumes.flatMap((volume) => secretOf(get(volume, "secret"), "secretName")),
    ...volumes
      .flatMap((volume) => elements(get(volume, "projected", "sources")))
      .flatMap((source) => secretOf(get(source, "secret"), "name")),
    ...environment
      .filter(({ value }) => value !== undefined)
      .map((reference) => ({ name: get(reference, "name"), keys: [get(reference, "key")] })),
  ];
}

/** Secrets of the gateway that hold no provider's key. */
const others: ReadonlySet<string> = new Set([
  egressKeySecret,
  engineKeysSecret,
  keysSecret,
  limitsCounter,
  noKeysSecret,
]);

/** Keys that some pod sees and must not. */
export function secretFaults(workloads: readonly KubeObject[]): readonly Violation[] {
  const providers = new Set(
    workloads
      .filter((object) => isPart(object, egressGateway))
      .flatMap(references)
      .map(({ name }) => textOf(name) ?? "")
      .filter((name) => !others.has(name)),
  );
  return workloads.flatMap((object) =>
    references(object).flatMap(({ name, keys }): readonly Violation[] => {
      if (isUnreadable(name)) return [unreadable(object, name)];
      const problem = problemOf(object, textOf(name) ?? "", keys, providers);
      return problem === undefined ? [] : [violation(object, name, problem)];
    }),
  );
}

function problemOf(
  object: KubeObject,
  name: string,
  keys: readonly Field[],
  providers: ReadonlySet<string>,
): string | undefined {
  if (providers.has(name) && !isPart(object, egressGateway)) {
    return `"${name}" is a provider's key, which only the egress gateway may see`;
  }
  const knowsEgress = isPart(object, egressGateway) || isPart(object, openGateway);
  if (name === egressKeySecret && !knowsEgress) {
    return `"${name}" opens the egress gateway, which only the proxy of public classes may use`;
  }
  if (
    name === limitsCounter &&
    ![limitsService, limitsCounter].some((part) => isPart(object, part))
  ) {
    return `"${name}" opens the counter, which only ${limitsService} may use`;
  }
  const closed =
    name === keysSecret &&
    (keys.length === 0 || keys.some((key) => textOf(key) !== keysFile(openGateway)));
  if (closed && !isPart(object, closedGateway)) {
    return "takes the keys of classes that must stay inside, which only their own proxy may";
  }
  return undefined;
}
