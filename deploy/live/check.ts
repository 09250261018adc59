import type { InventoryHost } from "../../components/cluster/bare-metal/inventory.ts";
import { compareText } from "../../components/lib/compare-text.ts";
import type {
  ForeignObject,
  LiveFacts,
  StackReport,
  Undecided,
} from "../../offline/report/stack-report.ts";
import type { StackFile } from "../../offline/stack-file.ts";
import { judge } from "../../policies/judge.ts";
import { graphOf } from "../../policies/model/graph.ts";
import { describe } from "../../policies/model/kube-object.ts";
import type { Settings } from "../../policies/model/settings.ts";
import { rules } from "../../policies/rules.ts";
import type { Target } from "../target/target.ts";
import { isBootstrapRole, withoutOwnAggregation } from "./bootstrap-roles.ts";
import { isBaseObject } from "./clusters-own.ts";
import type { Found } from "./found.ts";
import { inventoryDrift } from "./inventory-drift.ts";
import { type Origins, originsAmong } from "./origin.ts";
import { ownersAmong } from "./owners.ts";
import type { LiveCluster, UnreadKind } from "./read.ts";
import { type Differing, representation } from "./represented.ts";

export interface LiveQuestion {
  /** The stack whose settings hold. */
  readonly file: StackFile;
  readonly settings: Settings;
  /** Inventory of the stack; none where its nodes are declared otherwise. */
  readonly hosts: readonly InventoryHost[];
  readonly target: Pick<Target, "context" | "client">;
  /** Day as `2026-12-31`. */
  readonly today: string;
  /** Time that reading took; the policies' own is added. */
  readonly readMilliseconds: number;
}

/** Asks every policy about what runs, and tells what of it no stack made. Pure. */
export function liveReport(live: LiveCluster, question: LiveQuestion): StackReport {
  const start = performance.now();
  const { file, settings, today, readMilliseconds } = question;
  const owners = ownersAmong(live.found);
  const origins = originsAmong(live.found, owners);
  const { judged, differing } = representation(live.found, owners);
  const resources = judged
    .filter((found) => !isOfKubernetes(found) && !isSimulated(found, settings))
    .map(resourceOf);
  const whole = live.unread.every(isHarmless);
  const judgement = judge(
    graphOf(resources),
    settings,
    today,
    whole ? rules : rules.filter(({ level }) => level === "resource"),
  );
  return {
    name: file.stack,
    project: file.project,
    file: file.file,
    kind: "live",
    resources,
    findings: judgement.findings,
    excepted: judgement.excepted,
    // What an exception covers may be in the stack and not in the cluster.
    unusedExceptions: [],
    undecided: undecided(live.unread, origins),
    rules: { run: judgement.run, defined: rules.length },
    exampleDigests: [],
    live: facts(live, question, origins, differing),
    milliseconds: readMilliseconds + performance.now() - start,
  };
}

/** No rule over the whole cluster reads a Secret, and not everybody who looks at a cluster may. */
function isHarmless({ kind }: UnreadKind): boolean {
  return kind === "Secret";
}

/** Grants of Kubernetes to its own components; a binding with anybody else in it is judged. */
function isOfKubernetes(found: Found): boolean {
  return /^(?:Cluster)?RoleBinding$/.test(found.object.kind) && isBootstrapRole(found);
}

/** The class of the local cluster's made-up volumes, which hold nothing that could be encrypted. */
function isSimulated(found: Found, { clusterKind }: Settings): boolean {
  return clusterKind === "local" && found.object.kind === "StorageClass" && isBaseObject(found);
}

function resourceOf(found: Found) {
  const { resource } = found.object;
  return { ...resource, properties: withoutOwnAggregation(found), secrets: [], custom: true };
}

function undecided(unread: readonly UnreadKind[], origins: Origins): readonly Undecided[] {
  const left = rules.filter(({ level }) => level === "stack").length;
  return [
    ...unread.map(({ subject, reason }) => ({ subject, reason })),
    ...(unread.every(isHarmless)
      ? []
      : [
          {
            subject: `${left} policies over the whole cluster`,
            reason: "were not run, since what they ask for may be among what could not be read",
          },
        ]),
    ...origins.unreadable.map(({ object }) => ({
      subject: describe(object),
      reason: "is not a list of objects, so what its stack made cannot be told",
    })),
  ];
}

function facts(
  live: LiveCluster,
  { target, settings, hosts }: LiveQuestion,
  origins: Origins,
  differing: readonly Differing[],
): LiveFacts {
  const of = (origin: string) => live.found.filter((found) => origins.of(found) === origin);
  return {
    server: target.client.server,
    context: target.context,
    found: live.found.length,
    byStack: of("stack").length,
    clustersOwn: of("cluster").length,
    foreign: of("nobody")
      .toSorted((a, b) => rank(a, settings) - rank(b, settings) || byName(a, b))
      .map(foreign),
    // Nodes that could not be listed are undecided, not missing.
    drift: live.unread.some(({ kind }) => kind === "Node" || kind === undefined)
      ? []
      : inventoryDrift(hosts, live.found),
    differing: differing
      .map(({ found, owner, fields }) => ({
        object: describe(found.object),
        owner: describe(owner.object),
        fields,
      }))
      .toSorted((a, b) => compareText(a.object, b.object)),
  };
}

function foreign({ object, managers, created, namespace }: Found): ForeignObject {
  return {
    object: describe(object),
    apiVersion: object.apiVersion,
    ...(namespace === undefined ? {} : { namespace }),
    managers,
    created,
  };
}

/** What lies beside a model or a prompt comes first. */
function rank({ namespace }: Found, { inferenceNamespaces, gatewayNamespace }: Settings): number {
  if (namespace === undefined) return 2;
  if (inferenceNamespaces === "every" || inferenceNamespaces.has(namespace)) return 0;
  return namespace === gatewayNamespace ? 1 : 3;
}

function byName(a: Found, b: Found): number {
  return (
    compareText(describe(a.object), describe(b.object)) ||
    compareText(a.object.apiVersion, b.object.apiVersion)
  );
}
