import { z } from "zod";
import { parseAddress, parseCidr } from "../../components/lib/cidr.ts";
import { type GatewayClient, gatewayShape } from "../../components/lib/stack/gateway.ts";
import { namespacesSchema } from "../../components/lib/stack/namespaces.ts";
import type { Fault } from "./faults.ts";
import type { PlatformCluster } from "./platform.ts";

const named = z.array(z.object({ name: z.string() }));

/** What a gateway asks of the rest of its stack. */
export function gatewayFaults(
  gateway: unknown,
  { models, namespaces }: { readonly models: unknown; readonly namespaces: unknown },
  cluster: PlatformCluster,
): Fault[] {
  const parsed = gatewayShape.safeParse(gateway);
  if (!parsed.success) return [];
  const { taskClasses, controllerAddress, tls, clients } = parsed.data;
  const faults: Fault[] = [];
  const known = named.safeParse(models);
  const names = known.success ? known.data.map(({ name }) => name) : undefined;
  for (const [index, one] of taskClasses.entries()) {
    for (const [place, backend] of one.backends.entries()) {
      if (backend.kind !== "local" || names === undefined || names.includes(backend.model))
        continue;
      faults.push({
        path: ["gateway", "taskClasses", index, "backends", place, "model"],
        message: `"${backend.model}" is no model of this stack; name one of ${names.join(", ")}`,
      });
    }
  }
  if (controllerAddress !== undefined && !isService(controllerAddress, cluster)) {
    faults.push({
      path: ["gateway", "controllerAddress"],
      message: `${controllerAddress} is not in serviceCidr ${cluster.network.serviceCidr}; choose a free address there`,
    });
  }
  faults.push(...clientFaults(clients, namespaces));
  if (tls.kind === "development" && cluster.kind !== "local") {
    faults.push({
      path: ["gateway", "tls", "kind"],
      message: "development makes its CA on this machine; use secret or cert-manager here",
    });
  }
  return faults;
}

/** A model that may call the gateway may reach whatever the gateway does. */
function clientFaults(clients: readonly GatewayClient[], namespaces: unknown): Fault[] {
  const parsed = namespacesSchema.safeParse(namespaces ?? {});
  if (!parsed.success) return [];
  const closed = [parsed.data.inference, parsed.data.gateway];
  return clients.flatMap((client, index) =>
    "namespace" in client && closed.includes(client.namespace)
      ? [
          {
            path: ["gateway", "clients", index, "namespace"],
            message: `"${client.namespace}" is a namespace of this stack, whose pods must not call the gateway; name the namespace of an application`,
          },
        ]
      : [],
  );
}

function isService(address: string, { network }: PlatformCluster): boolean {
  const { family, value } = parseAddress(address);
  const range = parseCidr(network.serviceCidr);
  return family === range.family && value > range.first && value < range.last;
}
