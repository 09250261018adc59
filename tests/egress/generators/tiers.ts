import * as fc from "fast-check";
import type {
  AdminPolicy,
  AdminPort,
  AdminSpec,
  BaselinePolicy,
  ClusterPolicy,
  ProtocolMatch,
  Subject,
  TierPeer,
} from "../oracle/kubernetes.ts";
import { cidr } from "./addresses.ts";
import { portName, portNumber, protocol } from "./policies.ts";
import { namespacedPods, namespaceSelector } from "./selectors.ts";

const subject: fc.Arbitrary<Subject> = fc.oneof(
  fc.record({ namespaces: namespaceSelector }),
  fc.record({ pods: namespacedPods }),
);

const networks: fc.Arbitrary<TierPeer> = fc.record({
  networks: fc.uniqueArray(cidr, { minLength: 1, maxLength: 2 }),
});

/** Start and end must differ here, unlike in a NetworkPolicy. */
const range = fc.uniqueArray(portNumber, { minLength: 2, maxLength: 2 }).map((drawn) => ({
  start: Math.min(...drawn),
  end: Math.max(...drawn),
}));

const destinationPort = fc.oneof(fc.record({ number: portNumber }), fc.record({ range }));

const numberedProtocol: fc.Arbitrary<ProtocolMatch> = fc.oneof(
  fc.record({ tcp: fc.record({ destinationPort }) }),
  fc.record({ udp: fc.record({ destinationPort }) }),
  fc.record({ sctp: fc.record({ destinationPort }) }),
);
const anyProtocol: fc.Arbitrary<ProtocolMatch> = fc.oneof(
  { weight: 3, arbitrary: numberedProtocol },
  { weight: 1, arbitrary: fc.record({ destinationNamedPort: portName }) },
);

const numberedPort: fc.Arbitrary<AdminPort> = fc.oneof(
  fc.record({
    portNumber: fc.record({ protocol, port: portNumber }, { requiredKeys: ["port"] }),
  }),
  fc.record({
    portRange: fc
      .tuple(fc.option(protocol, { nil: undefined }), range)
      .map(([proto, ports]) => (proto === undefined ? ports : { protocol: proto, ...ports })),
  }),
);
const anyPort: fc.Arbitrary<AdminPort> = fc.oneof(
  { weight: 3, arbitrary: numberedPort },
  { weight: 1, arbitrary: fc.record({ namedPort: portName }) },
);

const few = { minLength: 1, maxLength: 2 };
const clusterAction = fc.constantFrom("Accept" as const, "Deny" as const, "Pass" as const);

/** A named port belongs to a pod, so a rule with networks may have none. */
const clusterEgress = fc.oneof(
  fc.record(
    {
      action: clusterAction,
      to: fc.array(fc.oneof(subject, networks), few),
      protocols: fc.array(numberedProtocol, few),
    },
    { requiredKeys: ["action", "to"] },
  ),
  fc.record(
    { action: clusterAction, to: fc.array(subject, few), protocols: fc.array(anyProtocol, few) },
    { requiredKeys: ["action", "to"] },
  ),
);
const clusterIngress = fc.record(
  { action: clusterAction, from: fc.array(subject, few), protocols: fc.array(anyProtocol, few) },
  { requiredKeys: ["action", "from"] },
);

/** Few priorities, so that several policies share one. */
const priority = fc.constantFrom(0, 5, 1000);

export const clusterPolicySpec: fc.Arbitrary<ClusterPolicy["spec"]> = fc.record(
  {
    tier: fc.constantFrom("Admin" as const, "Baseline" as const),
    priority,
    subject,
    ingress: fc.array(clusterIngress, { maxLength: 2 }),
    egress: fc.array(clusterEgress, { maxLength: 3 }),
  },
  { requiredKeys: ["tier", "priority", "subject"] },
);

function adminSpec<A extends "Allow" | "Deny" | "Pass">(
  action: fc.Arbitrary<A>,
): fc.Arbitrary<AdminSpec> {
  const egress = fc.oneof(
    fc.record(
      {
        action,
        to: fc.array(fc.oneof(subject, networks), few),
        ports: fc.array(numberedPort, few),
      },
      { requiredKeys: ["action", "to"] },
    ),
    fc.record(
      { action, to: fc.array(subject, few), ports: fc.array(anyPort, few) },
      { requiredKeys: ["action", "to"] },
    ),
  );
  const ingress = fc.record(
    { action, from: fc.array(subject, few), ports: fc.array(anyPort, few) },
    { requiredKeys: ["action", "from"] },
  );
  return fc.record(
    {
      subject,
      ingress: fc.array(ingress, { maxLength: 2 }),
      egress: fc.array(egress, { maxLength: 3 }),
    },
    { requiredKeys: ["subject"] },
  );
}

export const adminPolicySpec: fc.Arbitrary<AdminPolicy["spec"]> = fc
  .tuple(adminSpec(fc.constantFrom("Allow" as const, "Deny" as const, "Pass" as const)), priority)
  .map(([spec, drawn]) => ({ ...spec, priority: drawn }));

export const baselinePolicy: fc.Arbitrary<BaselinePolicy> = fc.record({
  spec: adminSpec(fc.constantFrom("Allow" as const, "Deny" as const)),
});
