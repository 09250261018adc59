import { readFile } from "node:fs/promises";
import { isIP } from "node:net";
import { z } from "zod";
import {
  type NetworkPolicy,
  type Pod,
  type Protocol,
  protocols,
  type Universe,
} from "../oracle/kubernetes.ts";
import { vectorPath } from "./vector-folder.ts";

export const cyclonusFile = "cyclonus-230.json";

const protocol = z.enum(protocols);
const labels = z.record(z.string(), z.string());
const selector = z.strictObject({
  matchLabels: labels.exactOptional(),
  matchExpressions: z
    .array(
      z.strictObject({
        key: z.string(),
        operator: z.enum(["In", "NotIn", "Exists", "DoesNotExist"]),
        values: z.array(z.string()).exactOptional(),
      }),
    )
    .exactOptional(),
});
const peers = z.array(
  z.strictObject({
    podSelector: selector.exactOptional(),
    namespaceSelector: selector.exactOptional(),
    ipBlock: z
      .strictObject({ cidr: z.string(), except: z.array(z.string()).exactOptional() })
      .exactOptional(),
  }),
);
const ports = z.array(
  z.strictObject({
    protocol: protocol.exactOptional(),
    port: z.union([z.int(), z.string()]).exactOptional(),
    endPort: z.int().exactOptional(),
  }),
);
const policy = z.strictObject({
  apiVersion: z.literal("networking.k8s.io/v1").exactOptional(),
  kind: z.literal("NetworkPolicy").exactOptional(),
  metadata: z.strictObject({ name: z.string(), namespace: z.string() }),
  spec: z.strictObject({
    podSelector: selector,
    policyTypes: z.array(z.enum(["Ingress", "Egress"])).exactOptional(),
    ingress: z
      .array(z.strictObject({ from: peers.exactOptional(), ports: ports.exactOptional() }))
      .exactOptional(),
    egress: z
      .array(z.strictObject({ to: peers.exactOptional(), ports: ports.exactOptional() }))
      .exactOptional(),
  }),
});
const step = z.strictObject({
  policies: z.array(policy),
  namespaces: z.record(z.string(), labels),
  pods: z.array(z.strictObject({ ns: z.string(), name: z.string(), labels, ip: z.string() })),
  /** Sources as "namespace/pod". */
  from: z.array(z.string()),
  /** Destinations as "namespace/pod", protocol, port and the name of that port. */
  to: z.array(z.tuple([z.string(), protocol, z.int(), z.string()])),
  /** One text per source, one character per destination: allowed, blocked, or itself. */
  ingress: z.array(z.string()),
  egress: z.array(z.string()),
  combined: z.array(z.string()),
});
const file = z.object({
  cases: z.array(
    z.strictObject({ name: z.string(), tags: z.array(z.string()), steps: z.array(step) }),
  ),
});

export interface Step {
  readonly title: string;
  readonly universe: Universe;
  readonly flows: readonly Flow[];
}

export interface Flow {
  readonly from: Pod;
  readonly to: Pod;
  readonly protocol: Protocol;
  readonly port: number;
  /** `undefined` for a pod and itself, which the corpus does not define. */
  readonly expected:
    | { readonly ingress: boolean; readonly egress: boolean; readonly combined: boolean }
    | undefined;
}

export async function readCyclonus(): Promise<readonly Step[]> {
  const text = await readFile(vectorPath(cyclonusFile), "utf8");
  const { cases } = file.parse(JSON.parse(text));
  return cases.flatMap(({ name, steps }) =>
    steps.map((each, index) => readStep(`${name}, step ${index + 1}`, each)),
  );
}

function readStep(title: string, given: z.infer<typeof step>): Step {
  const pods = new Map<string, Pod>();
  for (const [index, { ns, name, labels: podLabels, ip }] of given.pods.entries()) {
    const key = `${ns}/${name}`;
    const served = given.to.filter(([to]) => to === key);
    pods.set(key, {
      namespace: ns,
      name,
      labels: podLabels,
      // A pod that a step has just made carries no address in the corpus.
      addresses: [isIP(ip) === 0 ? `192.168.1.${100 + index}` : ip],
      ports: served.map(([, proto, containerPort, portName]) => ({
        name: portName,
        containerPort,
        protocol: proto,
      })),
    });
  }
  const universe: Universe = {
    namespaces: Object.entries(given.namespaces).map(([name, each]) => ({ name, labels: each })),
    pods: [...pods.values()],
    policies: given.policies.map(
      ({ metadata, spec }) => ({ metadata, spec }) satisfies NetworkPolicy,
    ),
    clusterPolicies: [],
    adminPolicies: [],
  };
  return { title, universe, flows: flowsOf(given, pods) };
}

function flowsOf(given: z.infer<typeof step>, pods: ReadonlyMap<string, Pod>): readonly Flow[] {
  return given.from.flatMap((source, row) =>
    given.to.map(([target, proto, port], column) => {
      const from = pods.get(source);
      const to = pods.get(target);
      if (from === undefined || to === undefined) throw new Error(`no pod ${source} or ${target}`);
      const verdicts = [given.ingress, given.egress, given.combined].map(
        (rows) => rows[row]?.[column],
      );
      return { from, to, protocol: proto, port, expected: expectation(verdicts) };
    }),
  );
}

function expectation(verdicts: readonly (string | undefined)[]): Flow["expected"] {
  if (verdicts.every((verdict) => verdict === "#")) return undefined;
  const [ingress, egress, combined] = verdicts.map((verdict) => {
    if (verdict !== "." && verdict !== "X") throw new Error(`unknown verdict ${verdict}`);
    return verdict === ".";
  });
  return { ingress: ingress === true, egress: egress === true, combined: combined === true };
}
