import * as fc from "fast-check";
import type { Pod, Universe } from "../oracle/kubernetes.ts";
import { type Family, families, placeAddress, places } from "./addresses.ts";
import { containerPorts, policySpec, portName, portNumber, protocol } from "./policies.ts";
import { namespaceLabels, namespaceName, namespaceNames, podLabels } from "./selectors.ts";
import { adminPolicySpec, baselinePolicy, clusterPolicySpec } from "./tiers.ts";

/** All pods of a cluster have addresses of the same families. */
const podFamilies = fc.constantFrom<readonly Family[]>([4], [6], families);

const pods: fc.Arbitrary<readonly Pod[]> = fc
  .record({
    families: podFamilies,
    slots: fc.shuffledSubarray(places, { minLength: 4, maxLength: 4 }),
    shapes: fc.array(
      fc.record({ namespace: namespaceName, labels: podLabels, ports: containerPorts }),
      { minLength: 2, maxLength: 4 },
    ),
  })
  .map((drawn) =>
    drawn.shapes.map((shape, index) => ({
      ...shape,
      name: `p${index}`,
      addresses: drawn.families.map((each) => placeAddress(each, drawn.slots[index] ?? 0)),
    })),
  );

const namespaces: fc.Arbitrary<Universe["namespaces"]> = fc.tuple(
  ...namespaceNames.map((name) =>
    fc.record({ name: fc.constant(name), labels: namespaceLabels }, { requiredKeys: ["name"] }),
  ),
);

const policies = fc
  .array(fc.record({ namespace: namespaceName, spec: policySpec }), {
    minLength: 1,
    maxLength: 4,
    size: "max",
  })
  .map((drawn) =>
    drawn.map(({ namespace, spec }, index) => ({
      metadata: { name: `np${index}`, namespace },
      spec,
    })),
  );

const noTiers = fc.constant({ clusterPolicies: [], adminPolicies: [] });

const clusterTiers = fc.array(clusterPolicySpec, { minLength: 1, maxLength: 3 }).map((specs) => ({
  clusterPolicies: specs.map((spec, index) => ({ metadata: { name: `cnp${index}` }, spec })),
  adminPolicies: [],
}));

const adminTiers = fc
  .record(
    {
      specs: fc.array(adminPolicySpec, { minLength: 1, maxLength: 3 }),
      baseline: baselinePolicy,
    },
    { requiredKeys: ["specs"] },
  )
  .map(({ specs, ...rest }) => ({
    clusterPolicies: [],
    adminPolicies: specs.map((spec, index) => ({ metadata: { name: `anp${index}` }, spec })),
    ...rest,
  }));

function universeWith(
  tiers: fc.Arbitrary<Pick<Universe, "clusterPolicies" | "adminPolicies" | "baseline">>,
): fc.Arbitrary<Universe> {
  return fc
    .record({ namespaces, pods, policies, tiers })
    .map(({ tiers: drawn, ...rest }) => ({ ...rest, ...drawn }));
}

/** Clusters of valid objects without any tier above network policies. */
export const plainUniverse = universeWith(noTiers);

/** Clusters of valid objects with admin and baseline policies of either version of their API. */
export const tieredUniverse = universeWith(fc.oneof(clusterTiers, adminTiers));

const servicePorts = fc.uniqueArray(
  fc.record(
    {
      port: portNumber,
      protocol,
      targetPort: fc.oneof(portNumber, portName),
    },
    { requiredKeys: ["port"] },
  ),
  {
    minLength: 1,
    maxLength: 2,
    selector: ({ port, protocol: proto = "TCP" }) => `${proto} ${port}`,
  },
);

const services = fc.array(
  fc.record({
    namespace: namespaceName,
    selector: podLabels,
    ports: servicePorts,
    family: fc.constantFrom(...families),
    front: fc.constantFrom(...places),
    outer: fc.option(fc.constantFrom(...places), { nil: undefined }),
  }),
  { minLength: 1, maxLength: 2 },
);

/** Clusters with Services, whose addresses lie among those that blocks of policies hold. */
export const servedUniverse: fc.Arbitrary<Universe> = fc
  .record({ base: fc.oneof(plainUniverse, tieredUniverse), services })
  .map(({ base, services: drawn }) => ({
    ...base,
    services: drawn.map(({ family, front, outer, ...rest }, index) => ({
      ...rest,
      name: `s${index}`,
      clusterIP: placeAddress(family, front),
      ...(outer === undefined ? {} : { externalIPs: [placeAddress(family, outer)] }),
    })),
  }));
