import * as fc from "fast-check";
import {
  type ContainerPort,
  type EgressRule,
  type IngressRule,
  type PolicyPeer,
  type PolicyPort,
  type PolicySpec,
  type PolicyType,
  protocols,
} from "../oracle/kubernetes.ts";
import { ipBlock } from "./addresses.ts";
import { namespaceSelector, podSelector } from "./selectors.ts";

export const portNumbers = [1, 53, 80, 443, 8080, 65_535] as const;
export const portNames = ["web", "dns"] as const;

export const protocol = fc.constantFrom(...protocols);
export const portNumber = fc.constantFrom(...portNumbers);
export const portName = fc.constantFrom(...portNames);

export const peer: fc.Arbitrary<PolicyPeer> = fc.oneof(
  fc.record({ podSelector }),
  fc.record({ namespaceSelector }),
  fc.record({ podSelector, namespaceSelector }),
  fc.record({ ipBlock }),
);

/** Two ports of the alphabet in order, for a range. */
export const portRange = fc
  .tuple(portNumber, portNumber)
  .map(([one, other]) => ({ port: Math.min(one, other), endPort: Math.max(one, other) }));

export const policyPort: fc.Arbitrary<PolicyPort> = fc.oneof(
  fc.record({ protocol, port: portNumber }, { requiredKeys: [] }),
  fc.record({ protocol, port: portName }, { requiredKeys: ["port"] }),
  fc
    .tuple(fc.option(protocol, { nil: undefined }), portRange)
    .map(([proto, range]) => (proto === undefined ? range : { protocol: proto, ...range })),
);

/** An empty list now and then, since it means everything. */
function list<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> {
  return fc.oneof(
    { weight: 1, arbitrary: fc.constant([]) },
    { weight: 9, arbitrary: fc.array(arbitrary, { minLength: 1, maxLength: 2 }) },
  );
}

const peers = list(peer);
const ports = list(policyPort);

/** Either part may be absent, but seldom: a rule without peers swallows what the others say. */
export const egressRule: fc.Arbitrary<EgressRule> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ to: peers, ports }) },
  { weight: 1, arbitrary: fc.record({ to: peers, ports }, { requiredKeys: [] }) },
);
export const ingressRule: fc.Arbitrary<IngressRule> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ from: peers, ports }) },
  { weight: 1, arbitrary: fc.record({ from: peers, ports }, { requiredKeys: [] }) },
);

const policyTypes = fc.constantFrom<readonly PolicyType[] | undefined>(
  undefined,
  [],
  ["Ingress"],
  ["Egress"],
  ["Egress"],
  ["Ingress", "Egress"],
  ["Egress", "Ingress"],
);

/** Sections of a direction that the types leave out would be read by nobody, so they are not written. */
export const policySpec: fc.Arbitrary<PolicySpec> = fc
  .record({
    podSelector: fc.oneof(fc.constant({}), podSelector),
    policyTypes,
    ingress: fc.option(list(ingressRule), { nil: undefined }),
    egress: fc.option(list(egressRule), { nil: undefined }),
  })
  .map((drawn) => {
    const given = drawn.policyTypes ?? [];
    const both = given.length === 0;
    const spec = {
      podSelector: drawn.podSelector,
      ...(drawn.policyTypes === undefined ? {} : { policyTypes: drawn.policyTypes }),
    };
    const ingress = both || given.includes("Ingress") ? drawn.ingress : undefined;
    const egress = both || given.includes("Egress") ? drawn.egress : undefined;
    return {
      ...spec,
      ...(ingress === undefined ? {} : { ingress }),
      ...(egress === undefined ? {} : { egress }),
    };
  });

/** Ports of a pod's container; the API server refuses two of one name. */
export const containerPorts: fc.Arbitrary<readonly ContainerPort[]> = fc
  .array(
    fc.record(
      { name: portName, containerPort: portNumber, protocol },
      { requiredKeys: ["containerPort"] },
    ),
    { maxLength: 3 },
  )
  .map((drawn) =>
    drawn.filter(({ name }, index) => drawn.findIndex((each) => each.name === name) === index),
  );
