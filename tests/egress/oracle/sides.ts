import { isAllowed } from "./allowed.ts";
import type { Attempt } from "./connection.ts";
import type { Pod, Protocol, Service, Universe } from "./kubernetes.ts";
import { isBackend, isSentOn, maySendToFront, targetPorts } from "./services.ts";

/**
 * Whether one side lets two pods talk, by any of the addresses of the other one. It is open whether a
 * rule sees the address of a Service or that of the pod behind it, so either is enough.
 */
export function sideAllows(
  universe: Universe,
  direction: Attempt["direction"],
  from: Pod,
  to: Pod,
  protocol: Protocol,
  port: number,
): boolean {
  const [subject, other] = direction === "Egress" ? [from, to] : [to, from];
  return (
    other.addresses.some((address) =>
      isAllowed(universe, { direction, subject, peer: { pod: other, address }, protocol, port }),
    ) ||
    (direction === "Egress" && isSentOn(universe, from, to, protocol, port))
  );
}

/** Whether both sides let two pods talk. */
export function passes(
  universe: Universe,
  from: Pod,
  to: Pod,
  protocol: Protocol,
  port: number,
): boolean {
  return (
    sideAllows(universe, "Egress", from, to, protocol, port) &&
    sideAllows(universe, "Ingress", from, to, protocol, port)
  );
}

/**
 * Whether a pod may open a connection to a port of a Service: by a pod behind it that takes it in, or
 * by the Service's own address, behind which there may be pods that nobody declared.
 */
export function reachesService(
  universe: Universe,
  from: Pod,
  service: Service,
  protocol: Protocol,
  port: number,
): boolean {
  return service.ports
    .filter((each) => each.port === port && (each.protocol ?? "TCP") === protocol)
    .some(
      (each) =>
        maySendToFront(universe, from, service, each) ||
        universe.pods.some(
          (to) =>
            isBackend(service, to) &&
            targetPorts(each, to).some((target) => passes(universe, from, to, protocol, target)),
        ),
    );
}
