import type { Resource } from "../../../policies/model/resource.ts";
import type { ValueObject } from "../../../policies/model/value.ts";
import type { Protocol } from "../oracle/kubernetes.ts";
import { namespaceObject, podObject } from "../support/resources.ts";
import { byName } from "./stack.ts";
import type { FlowTable } from "./vector.ts";

/**
 * What the conformance tests of the network policy API (v1alpha2) ask of an implementation, as tables
 * of our own: one subject, three neighbours, and rules whose order decides. Two ports per protocol.
 */
export const houses = ["north", "east", "south", "west"] as const;
export type House = (typeof houses)[number];

export const ports: Readonly<Record<Protocol, readonly [number, number]>> = {
  TCP: [80, 8080],
  UDP: [53, 5353],
  SCTP: [9003, 9005],
};

export const pods: readonly Resource[] = houses.flatMap((house, index) => [
  namespaceObject(house, { house }),
  ...[0, 1].map((number) =>
    podObject({
      namespace: house,
      name: `${house}-${number}`,
      labels: { house },
      addresses: [`10.244.${index}.${number + 1}`],
      ports: [
        { name: "web", containerPort: 80, protocol: "TCP" },
        { name: "dns", containerPort: 53, protocol: "UDP" },
      ],
    }),
  ),
]);

export type Direction = "egress" | "ingress";
export type Tier = "Admin" | "Baseline";
export type Action = "Accept" | "Deny" | "Pass";

export function peers(direction: Direction, house: House): ValueObject {
  return { [direction === "egress" ? "to" : "from"]: [{ namespaces: byName(house) }] };
}

export function at(protocol: Protocol, port: number): ValueObject {
  return { [protocol.toLowerCase()]: { destinationPort: { number: port } } };
}

/** Whether the subject and a neighbour can talk in the direction that the policy is about. */
export function flow(
  direction: Direction,
  other: House,
  protocol: Protocol,
  port: number,
  passes: boolean,
): FlowTable["flows"][number] {
  const [subject, peer] = ["north/Pod/north-0", `${other}/Pod/${other}-1`];
  const ends = direction === "egress" ? ([subject, peer] as const) : ([peer, subject] as const);
  return [...ends, `${protocol} ${port}`, passes];
}
