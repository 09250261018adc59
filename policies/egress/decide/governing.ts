import type { KubeObject } from "../../model/kube-object.ts";
import { type Unknown, unknown } from "../../model/value.ts";
import type { ForeignPolicy } from "../read/foreign-policies.ts";
import { type Labels, type Match, matches } from "../read/labels.ts";
import type { NetworkPolicy } from "../read/network-policy.ts";
import type { Direction, Rule } from "../read/network-policy-rule.ts";

/** A pod as policies see it: where it lies and what it is called. */
export interface Subject {
  readonly namespace: string | Unknown;
  readonly labels: Labels;
}

/** The NetworkPolicies that speak of a pod in one direction. */
export interface Governing {
  /** The same for two pods exactly where the same policies govern both. */
  readonly key: string;
  readonly isolated: Match;
  readonly rules: readonly GoverningRule[];
  /** Policies that cannot be read or are not understood; any one allows everything. */
  readonly widest: readonly Widest[];
}

export interface Widest {
  readonly object: KubeObject;
  readonly path: string;
  readonly reason: string;
}

export interface GoverningRule {
  readonly policy: NetworkPolicy;
  readonly rule: Rule;
}

/** Finds the policies of a pod without going through those of other namespaces and labels. */
export function governing(
  policies: readonly NetworkPolicy[],
  foreign: readonly ForeignPolicy[],
  direction: Direction,
): (subject: Subject) => Governing {
  const filed = fileByNamespace(policies);
  return (subject) => {
    const mine = candidates(filed, subject);
    const rules: GoverningRule[] = [];
    const widest = foreign
      .filter(({ namespace }) => concerns(namespace, subject.namespace) !== "no")
      .map(({ object, path, reason }): Widest => ({ object, path, reason }));
    const keys: number[] = [];
    let isolated: Match = "no";
    for (const { policy, number } of mine) {
      const half = direction === "Egress" ? policy.egress : policy.ingress;
      if (half.kind === "absent") continue;
      const here = concerns(policy.namespace, subject.namespace);
      const match = here === "no" ? "no" : matches(policy.selector, subject.labels);
      if (match === "no") continue;
      keys.push(number);
      if (half.kind === "widest") {
        if (isolated === "no") isolated = "maybe";
        widest.push({ object: policy.object, ...half.fault });
        continue;
      }
      for (const rule of half.rules) rules.push({ policy, rule });
      if (match === "yes" && here === "yes") isolated = "yes";
      else if (isolated === "no") isolated = "maybe";
    }
    const place = widest.length === 0 ? "" : `@${String(subject.namespace)}`;
    return { key: `${keys.join(",")}${place}${isolated}`, isolated, rules, widest };
  };
}

function concerns(policy: string | Unknown, pod: string | Unknown): Match {
  if (policy === unknown || pod === unknown) return "maybe";
  return policy === pod ? "yes" : "no";
}

interface Numbered {
  readonly policy: NetworkPolicy;
  readonly number: number;
}

interface Filing {
  readonly general: Numbered[];
  readonly byLabel: Map<string, Numbered[]>;
}

interface Filed {
  readonly all: readonly Numbered[];
  readonly stray: readonly Numbered[];
  readonly byNamespace: ReadonlyMap<string, Filing>;
}

/** A policy that asks for one value of a label concerns only pods with that value. */
function fileByNamespace(policies: readonly NetworkPolicy[]): Filed {
  const all = policies.map((policy, number) => ({ policy, number }));
  const byNamespace = new Map<string, Filing>();
  for (const one of all) {
    const { namespace, selector } = one.policy;
    if (namespace === unknown) continue;
    const place = byNamespace.get(namespace) ?? newFiling();
    byNamespace.set(namespace, place);
    const narrow = selector.requirements.find(
      ({ operator, values }) => operator === "In" && values.size === 1,
    );
    const [value] = narrow?.values ?? [];
    if (narrow === undefined || value === undefined) place.general.push(one);
    else {
      const entry = `${narrow.key}=${value}`;
      place.byLabel.set(entry, [...(place.byLabel.get(entry) ?? []), one]);
    }
  }
  return { all, stray: all.filter(({ policy }) => policy.namespace === unknown), byNamespace };
}

function newFiling(): Filing {
  return { general: [], byLabel: new Map() };
}

function candidates({ all, stray, byNamespace }: Filed, subject: Subject): readonly Numbered[] {
  const { namespace, labels } = subject;
  if (namespace === unknown) return all;
  const place = byNamespace.get(namespace);
  if (place === undefined) return stray;
  const vague = labels.open || labels.present.size > 0;
  const narrow = vague
    ? [...place.byLabel.values()].flat()
    : [...labels.known].flatMap(([key, value]) => place.byLabel.get(`${key}=${value}`) ?? []);
  return [...place.general, ...narrow, ...stray].toSorted((a, b) => a.number - b.number);
}
