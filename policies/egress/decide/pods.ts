import { type Unknown, unknown } from "../../model/value.ts";
import { type Labels, type Match, matches, type Selector } from "../read/labels.ts";
import type { Namespaces } from "../read/namespaces.ts";
import type { Workload } from "../read/workloads.ts";

/** Namespaces that a peer looks in: the policy's own, or those that a selector finds. */
export type Where = { readonly own: string | Unknown } | { readonly selector: Selector };

/** What one question found; the same object each time it is asked. */
export type Found = ReadonlyMap<Workload, "yes" | "maybe">;

/** All workloads, found by namespace and labels without going through them for each question. */
export interface Pods {
  readonly all: readonly Workload[];
  readonly byKey: ReadonlyMap<string, Workload>;
  /** Workloads that the selectors find, or may find. Pods on the host's network may be found. */
  readonly select: (where: Where, pods: Selector) => Found;
  readonly matchNamespace: (selector: Selector, namespace: string | Unknown) => Match;
}

interface Place {
  readonly name: string;
  readonly labels: Labels;
  readonly all: Workload[];
  readonly byLabel: Map<string, Workload[]>;
  /** Those with labels that are not known, which an index would miss. */
  readonly vague: Workload[];
}

export function indexPods(workloads: readonly Workload[], namespaces: Namespaces): Pods {
  const places = new Map<string, Place>();
  const stray = workloads.filter(({ namespace }) => namespace === unknown);
  for (const workload of workloads) file(workload, places, namespaces);
  const answers = new Map<string, Found>();
  const bySelector = new Map<string, ReadonlyMap<string, Match>>();

  const matchNamespace = (selector: Selector, namespace: string | Unknown): Match => {
    if (namespace === unknown) return selector.requirements.length === 0 ? "yes" : "maybe";
    const known = bySelector.get(selector.key)?.get(namespace);
    return known ?? matches(selector, namespaces.labelsOf(namespace));
  };
  const placesOf = (where: Where): readonly (readonly [Place, Match])[] => {
    if ("own" in where) {
      if (where.own === unknown) return [...places.values()].map((place) => [place, "maybe"]);
      const place = places.get(where.own);
      return place === undefined ? [] : [[place, "yes"]];
    }
    const { selector } = where;
    const found = [...places.values()].map(
      (place) => [place, matches(selector, place.labels)] as const,
    );
    bySelector.set(selector.key, new Map(found.map(([place, match]) => [place.name, match])));
    return found.filter(([, match]) => match !== "no");
  };
  const select = (where: Where, pods: Selector): Found => {
    const own = "own" in where ? `=${String(where.own)}` : `?${where.selector.key}`;
    const key = `${own}|${pods.key}`;
    const known = answers.get(key);
    if (known !== undefined) return known;
    const found = placesOf(where).flatMap(([place, inPlace]) => selectIn(place, inPlace, pods));
    const lost = stray
      .filter((workload) => matches(pods, workload.labels) !== "no")
      .map((workload) => [workload, "maybe"] as const);
    const answer = new Map([...found, ...lost]);
    answers.set(key, answer);
    return answer;
  };
  const byKey = new Map(workloads.map((workload) => [workload.key, workload]));
  return { all: workloads, byKey, select, matchNamespace };
}

function file(workload: Workload, places: Map<string, Place>, namespaces: Namespaces): void {
  const { namespace, labels } = workload;
  if (namespace === unknown) return;
  const place = places.get(namespace) ?? {
    name: namespace,
    labels: namespaces.labelsOf(namespace),
    all: [],
    byLabel: new Map<string, Workload[]>(),
    vague: [],
  };
  places.set(namespace, place);
  place.all.push(workload);
  if (labels.open || labels.present.size > 0) place.vague.push(workload);
  for (const [key, value] of labels.known) {
    const entry = `${key}=${value}`;
    const filed = place.byLabel.get(entry);
    if (filed === undefined) place.byLabel.set(entry, [workload]);
    else filed.push(workload);
  }
}

function selectIn(
  place: Place,
  inPlace: Match,
  pods: Selector,
): readonly (readonly [Workload, "yes" | "maybe"])[] {
  return candidates(place, pods).flatMap((workload): readonly [Workload, "yes" | "maybe"][] => {
    const match = both(inPlace, matches(pods, workload.labels));
    if (match === "no") return [];
    // Plugins differ in whether a selector finds pods on the host's network.
    return [[workload, workload.hostNetwork ? "maybe" : match]];
  });
}

/** Those that carry one of the values asked for, and those of which nobody knows. */
function candidates(place: Place, { requirements }: Selector): readonly Workload[] {
  const narrow = requirements.find(({ operator }) => operator === "In");
  if (narrow === undefined) return place.all;
  const listed = [...narrow.values].flatMap(
    (value) => place.byLabel.get(`${narrow.key}=${value}`) ?? [],
  );
  if (place.vague.length === 0) return listed;
  return [...new Set([...listed, ...place.vague])];
}

export function both(a: Match, b: Match): Match {
  if (a === "no" || b === "no") return "no";
  return a === "yes" && b === "yes" ? "yes" : "maybe";
}
