import { addressFault, parseAddress } from "../../../components/lib/cidr.ts";
import { groupOf, isBuiltIn } from "../../kubernetes/api-groups.ts";
import { isPodMaker } from "../../kubernetes/custom-kinds.ts";
import { isOperated } from "../../kubernetes/image-fields.ts";
import { containersOf, podTemplate } from "../../kubernetes/pod-templates.ts";
import { elements, type Field, get, isUnreadable, rootField } from "../../model/field.ts";
import { describe, type KubeObject } from "../../model/kube-object.ts";
import { type Unknown, unknown } from "../../model/value.ts";
import type { Protocol } from "../result.ts";
import { type Addresses, everyAddress, normalizeAddresses } from "../sets/addresses.ts";
import { noPorts, type PortRange, type PortSet, portsOf, unitePorts } from "../sets/ports.ts";
import { anyLabels, type Labels, readLabels } from "./labels.ts";
import { readProtocol } from "./network-policy-rule.ts";
import { type Fault, Faults } from "./shape.ts";

/** Pods that are alike, by the object that makes them. */
export interface Workload {
  readonly object: KubeObject;
  /** "shop/Deployment/web"; the name under which other parts ask for it. */
  readonly key: string;
  /** "Deployment shop/web". */
  readonly title: string;
  readonly namespace: string | Unknown;
  readonly labels: Labels;
  /** Whether its pods use, or may use, the network of their node, where no policy reaches them. */
  readonly hostNetwork: boolean;
  /** Container ports by name. */
  readonly namedPorts: ReadonlyMap<string, PortSet>;
  /** Container ports that have no name. */
  readonly unnamedPorts: PortSet;
  /** Names whose number is not known. */
  readonly vaguePorts: ReadonlySet<string>;
  /** Whether a name that is not listed may stand for any port. */
  readonly morePorts: boolean;
  /** Addresses that its pods have, or may have; `undefined` before they run. */
  readonly addresses: Addresses | undefined;
  /** Why nothing is known of its pods. */
  readonly opaque: string | undefined;
  readonly faults: readonly Fault[];
}

/** Labels that a controller adds, whose values are made when it runs. */
const controllerLabels: Readonly<Record<string, readonly string[]>> = {
  Deployment: ["pod-template-hash"],
  StatefulSet: [
    "apps.kubernetes.io/pod-index",
    "controller-revision-hash",
    "statefulset.kubernetes.io/pod-name",
  ],
  DaemonSet: ["controller-revision-hash", "pod-template-generation"],
  Job: [
    "batch.kubernetes.io/controller-uid",
    "batch.kubernetes.io/job-name",
    "controller-uid",
    "job-name",
  ],
  CronJob: [
    "batch.kubernetes.io/controller-uid",
    "batch.kubernetes.io/job-name",
    "controller-uid",
    "job-name",
  ],
};

/** The workload that an object is; `undefined` for one that makes no pods. */
export function readWorkload(object: KubeObject): Workload | undefined {
  if (object.kind === "PodTemplate" && isBuiltIn(object)) return undefined;
  const template = podTemplate(object);
  if (template !== undefined) return templated(object, template);
  if (isBuiltIn(object)) return undefined;
  if (isOperated(object)) return operated(object);
  const group = groupOf(object);
  if (!isPodMaker(group, object.kind)) return undefined;
  return opaqueWorkload(
    object,
    `makes pods from a template that is not known ("${group}/${object.kind}")`,
  );
}

/** A workload of which nothing is known but that it is there. */
export function opaqueWorkload(object: KubeObject, reason: string): Workload {
  return {
    ...identity(object),
    labels: anyLabels,
    hostNetwork: true,
    namedPorts: new Map(),
    unnamedPorts: noPorts,
    vaguePorts: new Set(),
    morePorts: true,
    addresses: undefined,
    opaque: reason,
    faults: [{ path: "kind", reason }],
  };
}

function identity(object: KubeObject): Pick<Workload, "object" | "key" | "title" | "namespace"> {
  const namespace = object.namespace ?? unknown;
  const shown = (value: string | Unknown) => (value === unknown ? "(unknown)" : value);
  return {
    object,
    key: `${shown(namespace)}/${object.kind}/${shown(object.name)}`,
    title: describe(object),
    namespace,
  };
}

function templated(
  object: KubeObject,
  template: { readonly metadata: Field; readonly spec: Field },
): Workload {
  const faults = new Faults();
  const labels = readLabels(get(template.metadata, "labels"), faults, {
    present: controllerLabels[object.kind] ?? [],
  });
  const containers = containersOf(template).map(({ field }) => field);
  return {
    ...identity(object),
    labels,
    hostNetwork: mayShareHost(get(template.spec, "hostNetwork"), faults),
    ...readPorts(containers, faults),
    addresses: object.kind === "Pod" ? readAddresses(object, faults) : undefined,
    opaque: undefined,
    faults: [...faults.all, ...placeFaults(object)],
  };
}

/** A namespace that is not known may be one where nothing holds the pods back. */
function placeFaults(object: KubeObject): readonly Fault[] {
  const faults = new Faults();
  faults.readable(get(rootField(object.body), "metadata", "namespace"));
  return faults.all;
}

/**
 * Pods of the Prometheus operator: it sets these labels and some more
 * (prometheus-operator v0.93, pkg/prometheus and pkg/alertmanager, read November 2026).
 */
const operatedNames: Readonly<Record<string, string>> = {
  Alertmanager: "alertmanager",
  Prometheus: "prometheus",
  PrometheusAgent: "prometheus-agent",
  ThanosRuler: "thanos-ruler",
};

function operated(object: KubeObject): Workload {
  const faults = new Faults();
  const spec = get(rootField(object.body), "spec");
  const app = operatedNames[object.kind];
  const own: (readonly [string, string])[] =
    app === undefined || typeof object.name !== "string"
      ? []
      : [
          ["app.kubernetes.io/name", app],
          ["app.kubernetes.io/instance", object.name],
          ["app.kubernetes.io/managed-by", "prometheus-operator"],
        ];
  const labels = readLabels(get(spec, "podMetadata", "labels"), faults, { known: own });
  return {
    ...identity(object),
    labels: { ...labels, open: true },
    hostNetwork: mayShareHost(get(spec, "hostNetwork"), faults),
    namedPorts: new Map(),
    unnamedPorts: noPorts,
    vaguePorts: new Set(),
    morePorts: true,
    addresses: undefined,
    opaque: undefined,
    faults: [...faults.all, ...placeFaults(object)],
  };
}

function mayShareHost(field: Field, faults: Faults): boolean {
  if (!faults.readable(field)) return true;
  if (field.value === undefined || field.value === false) return false;
  if (field.value !== true) faults.add(field, "is neither true nor false");
  return true;
}

type Ports = Pick<Workload, "namedPorts" | "unnamedPorts" | "vaguePorts" | "morePorts">;

function readPorts(containers: readonly Field[], faults: Faults): Ports {
  const namedPorts = new Map<string, PortSet>();
  const vaguePorts = new Set<string>();
  let unnamedPorts = noPorts;
  let morePorts = false;
  for (const container of containers) if (!faults.readable(container)) morePorts = true;
  for (const port of containers.flatMap((each) => elements(get(each, "ports")))) {
    const [name, number, protocol] = [
      get(port, "name"),
      get(port, "containerPort"),
      get(port, "protocol"),
    ];
    const hidden = [name, protocol].filter((field) => !faults.readable(field));
    if (hidden.length > 0) {
      morePorts = true;
      continue;
    }
    const range = portsOf([portRange(number, protocol, faults)]);
    if (typeof name.value !== "string") unnamedPorts = unitePorts(unnamedPorts, range);
    else {
      namedPorts.set(name.value, unitePorts(namedPorts.get(name.value) ?? noPorts, range));
      if (isUnreadable(number)) vaguePorts.add(name.value);
    }
  }
  return { namedPorts, unnamedPorts, vaguePorts, morePorts };
}

/** A number that is not known may be any port of its protocol. */
function portRange(number: Field, protocolField: Field, faults: Faults): PortRange {
  const protocol = readProtocol(protocolField, faults);
  const port = faults.whole(number, 1, 65_535);
  return port === undefined
    ? { protocol, fromPort: 1, toPort: 65_535 }
    : { protocol, fromPort: port, toPort: port };
}

/** Ports of a workload under a name; `wanted` are the protocols that it may be looked up for. */
export function namedPort(workload: Workload, name: string, wanted: readonly Protocol[]): PortSet {
  if (workload.morePorts) {
    return portsOf(wanted.map((protocol) => ({ protocol, fromPort: 1, toPort: 65_535 })));
  }
  const found = workload.namedPorts.get(name);
  if (found === undefined) return noPorts;
  return portsOf(
    wanted.flatMap((protocol) =>
      found.spans[protocol].map(({ from, to }) => ({ protocol, fromPort: from, toPort: to })),
    ),
  );
}

function readAddresses(pod: KubeObject, faults: Faults): Addresses | undefined {
  const status = get(rootField(pod.body), "status");
  const fields = [
    get(status, "podIP"),
    ...elements(get(status, "podIPs")).map((ip) => get(ip, "ip")),
  ];
  const spans: Record<4 | 6, { from: bigint; to: bigint }[]> = { 4: [], 6: [] };
  for (const field of fields) {
    // One address that cannot be read may be any.
    if (!faults.readable(field)) return everyAddress;
    const text = faults.text(field);
    if (text === undefined || text === "") continue;
    const fault = addressFault(text);
    if (fault !== undefined) {
      faults.add(field, fault);
      return everyAddress;
    }
    const { family, value } = parseAddress(text);
    spans[family].push({ from: value, to: value });
  }
  if (spans[4].length + spans[6].length === 0) return undefined;
  return { 4: normalizeAddresses(spans[4]), 6: normalizeAddresses(spans[6]) };
}
