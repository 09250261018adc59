import { compareText } from "../../../components/lib/compare-text.ts";
import { multiNodeFlags } from "../../engines/vllm-flags.ts";
import { isKind } from "../../kubernetes/api-groups.ts";
import { type Engine, enginesOf } from "../../kubernetes/engine-settings.ts";
import { unjudged } from "../../kubernetes/engine-topics.ts";
import { maySelect } from "../../kubernetes/label-match.ts";
import { podTemplate } from "../../kubernetes/pod-templates.ts";
import { inInference } from "../../kubernetes/scope.ts";
import {
  elements,
  entries,
  type Field,
  get,
  isEmpty,
  isUnreadable,
  rootField,
  textOf,
} from "../../model/field.ts";
import { describe, type KubeObject } from "../../model/kube-object.ts";
import type { StackRule, Violation } from "../../model/rule.ts";
import { unknown } from "../../model/value.ts";
import { unreadable, violation } from "../../model/violation.ts";

/**
 * Between its processes an engine opens ports of its own choice (torch's store, ZMQ, NIXL, blocks of the
 * cache), on every address and without a key. So from outside a replica group one port alone may be open:
 * that of the API.
 */
export const closedChannels: StackRule = {
  id: "A10",
  name: "closed-channels",
  level: "stack",
  description:
    "The channels between the processes of one engine are open to its own replica group alone; everybody else reaches the port of its API and no other.",
  severity: "critical",
  enforcement: "mandatory",
  mapping: { hipaa: ["164.312(e)(2)(ii)"] },
  remedy: "name the port of the engine's API in the rule, and nothing else",
  check: (graph, settings) => {
    const servers = graph.objects.flatMap((object) =>
      enginesOf(object, settings)
        .filter(({ line }) => line !== undefined)
        .map((engine) => serverOf(object, engine)),
    );
    return [
      ...servers.flatMap(checkAddresses),
      ...graph.objects
        .filter((object) => isKind(object, "NetworkPolicy") && inInference(object, settings))
        .flatMap((policy) => checkPolicy(policy, servers)),
    ];
  },
};

/** An engine as a network policy sees it. */
interface Server {
  readonly object: KubeObject;
  readonly engine: Engine;
  readonly labels: Field;
  /** What replicas that belong together have in common. */
  readonly group: string;
  /** Port of the API; `undefined` where it cannot be read, so that none is allowed. */
  readonly port: number | undefined;
}

function serverOf(object: KubeObject, engine: Engine): Server {
  const template = podTemplate(object);
  const labels = template === undefined ? rootField({}) : get(template.metadata, "labels");
  const instance = textOf(get(labels, "app.kubernetes.io/instance"));
  return { object, engine, labels, group: instance ?? describe(object), port: apiPort(engine) };
}

function apiPort({ line, profile }: Engine): number | undefined {
  if (line === undefined || profile === undefined || line.faults.length > 0) return undefined;
  const named = line.flags.filter(({ name }) => name === "--port").flatMap(({ values }) => values);
  const last = named.at(-1);
  if (last === undefined) return profile.port;
  const text = isUnreadable(last) ? undefined : textOf(last);
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

function checkPolicy(policy: KubeObject, servers: readonly Server[]): readonly Violation[] {
  const spec = get(rootField(policy.body), "spec");
  const selector = get(spec, "podSelector");
  const selected = servers.filter(
    ({ object, labels }) =>
      (object.namespace === policy.namespace ||
        object.namespace === unknown ||
        policy.namespace === unknown) &&
      maySelect(selector, labels),
  );
  if (selected.length === 0) return [];
  return elements(get(spec, "ingress")).flatMap((rule) =>
    checkRule(policy, rule, selector, selected),
  );
}

function checkRule(
  policy: KubeObject,
  rule: Field,
  selector: Field,
  selected: readonly Server[],
): readonly Violation[] {
  if (isUnreadable(rule)) return [unreadable(policy, rule)];
  const peers = elements(get(rule, "from"));
  const oneGroup = new Set(selected.map(({ group }) => group)).size === 1;
  if (peers.length > 0 && oneGroup && peers.every((peer) => isOwnGroup(peer, selector))) return [];
  const ports = elements(get(rule, "ports"));
  if (ports.length === 0) {
    const problem =
      "opens every port of an engine, and with them the channels between its processes";
    return [violation(policy, rule, problem)];
  }
  return ports.flatMap((port) => checkPort(policy, port, selected));
}

/** Pods of the same namespace that the policy itself selects, by every label that it names. */
function isOwnGroup(peer: Field, selector: Field): boolean {
  const namespaces = get(peer, "namespaceSelector");
  if (namespaces.value !== undefined || get(peer, "ipBlock").value !== undefined) return false;
  const own = entries(get(selector, "matchLabels")) ?? [];
  const theirs = new Map(entries(get(peer, "podSelector", "matchLabels")) ?? []);
  const plain = isEmpty(get(selector, "matchExpressions"));
  return (
    plain &&
    own.length > 0 &&
    own.every(([name, value]) => {
      const label = theirs.get(name);
      return typeof value.value === "string" && label?.value === value.value;
    })
  );
}

function checkPort(
  policy: KubeObject,
  port: Field,
  selected: readonly Server[],
): readonly Violation[] {
  const [number, end] = [get(port, "port"), get(port, "endPort")];
  const hidden = [port, number, end].filter(isUnreadable);
  if (hidden.length > 0) return hidden.map((field) => unreadable(policy, field));
  if (number.value === undefined) {
    return [violation(policy, port, "opens every port of an engine")];
  }
  if (end.value !== undefined && end.value !== number.value) {
    return [violation(policy, end, "opens a range of ports of an engine")];
  }
  // The first by name: which comes first in the graph must not show.
  const [other] = selected
    .filter((server) => !isApiPort(server, number))
    .map(({ object }) => describe(object))
    .toSorted(compareText);
  if (other === undefined) return [];
  const problem = `is not the port of the API of ${other}`;
  return [violation(policy, number, problem)];
}

/** A name stands for the port that the container gives it. */
function isApiPort(server: Server, port: Field): boolean {
  if (server.port === undefined) return false;
  if (typeof port.value === "number") return port.value === server.port;
  const named = elements(get(server.engine.container.field, "ports")).filter(
    (each) => textOf(get(each, "name")) === port.value,
  );
  return (
    named.length === 1 && named.every((each) => get(each, "containerPort").value === server.port)
  );
}

/** Variables by which an engine chooses the address of a channel; unset, some choose every address. */
const addressVariables = [
  "VLLM_EC_SIDE_CHANNEL_HOST",
  "VLLM_HOST_IP",
  "VLLM_LOOPBACK_IP",
  "VLLM_NIXL_SIDE_CHANNEL_HOST",
  "VLLM_P2P_SIDE_CHANNEL_HOST",
];

function checkAddresses({ object, engine }: Server): readonly Violation[] {
  const { environment, line, profile } = engine;
  if (profile === undefined || line === undefined) return unjudged(object, engine);
  const spread = line.flags.some(
    ({ name, values }) =>
      multiNodeFlags.has(name) && !(name === "--nnodes" && textOf(values[0] ?? zero) === "1"),
  );
  const missing = spread && profile.id === "vllm" && !environment.variables.has("VLLM_HOST_IP");
  const place: Field = { path: environment.path, value: undefined };
  const remedy = "set VLLM_HOST_IP by valueFrom.fieldRef to status.podIP";
  return [
    ...unjudged(object, engine),
    ...(missing
      ? [
          violation(
            object,
            place,
            "lacks VLLM_HOST_IP, so an engine on several nodes guesses its address",
            remedy,
          ),
        ]
      : []),
    ...addressVariables.flatMap((name) => {
      const entry = environment.variables.get(name);
      if (entry === undefined || isPodAddress(entry)) return [];
      const problem = `sets ${name} to another address than the pod's own`;
      return [
        violation(object, entry, problem, `set ${name} by valueFrom.fieldRef to status.podIP`),
      ];
    }),
  ];
}

const zero: Field = { path: "", value: undefined };

function isPodAddress(entry: Field): boolean {
  if (get(entry, "valueFrom", "fieldRef", "fieldPath").value === "status.podIP") return true;
  return /^(?:127\.0\.0\.1|::1|localhost)$/.test(textOf(get(entry, "value")) ?? "");
}
