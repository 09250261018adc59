import { isAllowed } from "./allowed.ts";
import type { Pod, Protocol, Service, ServicePort, Universe } from "./kubernetes.ts";
import { selects } from "./selectors.ts";

/** Pods that a Service sends its connections to; an empty selector finds none, unlike elsewhere. */
export function isBackend({ namespace, selector }: Service, pod: Pod): boolean {
  return (
    Object.keys(selector).length > 0 &&
    pod.namespace === namespace &&
    selects({ matchLabels: selector }, pod.labels)
  );
}

/** Ports of a pod to which one port of a Service leads: a name may be that of several. */
export function targetPorts(servicePort: ServicePort, pod: Pod): readonly number[] {
  const { protocol = "TCP", port, targetPort = port } = servicePort;
  if (typeof targetPort === "number") return [targetPort];
  return pod.ports
    .filter((each) => each.name === targetPort && (each.protocol ?? "TCP") === protocol)
    .map(({ containerPort }) => containerPort);
}

/** Whether a pod may send to an address of the Service, if that is what a plugin looks at. */
export function maySendToFront(
  universe: Universe,
  from: Pod,
  { clusterIP, externalIPs = [] }: Service,
  { protocol = "TCP", port }: ServicePort,
): boolean {
  return [clusterIP, ...externalIPs].some((address) =>
    isAllowed(universe, {
      direction: "Egress",
      subject: from,
      peer: { address },
      protocol,
      port,
    }),
  );
}

/** Whether a rule for the address of some Service lets a pod send to a port of another pod. */
export function isSentOn(
  universe: Universe,
  from: Pod,
  to: Pod,
  protocol: Protocol,
  port: number,
): boolean {
  return (universe.services ?? []).some(
    (service) =>
      isBackend(service, to) &&
      service.ports.some(
        (each) =>
          (each.protocol ?? "TCP") === protocol &&
          targetPorts(each, to).includes(port) &&
          maySendToFront(universe, from, service, each),
      ),
  );
}
