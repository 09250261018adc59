import { z } from "zod";
import {
  controllerAddress,
  counterAddress,
  limitsAddress,
} from "../../components/gateway/service-addresses.ts";
import { parseAddress, parseCidr } from "../../components/lib/cidr.ts";
import {
  type GatewayClient,
  type GatewayConfig,
  gatewayShape,
} from "../../components/lib/stack/gateway.ts";
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
  const { taskClasses, tls, clients } = parsed.data;
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
  faults.push(...priceFaults(parsed.data, names));
  faults.push(...addressFaults(parsed.data, cluster));
  faults.push(...clientFaults(clients, namespaces));
  if (tls.kind === "development" && cluster.kind !== "local") {
    faults.push({
      path: ["gateway", "tls", "kind"],
      message: "development makes its CA on this machine; use secret or cert-manager here",
    });
  }
  return faults;
}

/** A price of something that nobody asks is one of something else that has none. */
function priceFaults(
  { prices, taskClasses }: GatewayConfig,
  models: readonly string[] | undefined,
): Fault[] {
  if (models === undefined) return [];
  const external = taskClasses.flatMap(({ backends }) =>
    backends.flatMap((one) => (one.kind === "external" ? [`${one.provider}/${one.model}`] : [])),
  );
  const known = [...models, ...new Set(external)];
  return prices.flatMap(({ model }, index) =>
    known.includes(model)
      ? []
      : [
          {
            path: ["gateway", "prices", index, "model"],
            message: `"${model}" is no model of this stack and of no provider that a task class names; name one of ${known.join(", ")}`,
          },
        ],
  );
}

/** Services that are asked by their addresses: each in the range of Services, and no two at one place. */
function addressFaults(gateway: GatewayConfig, { network }: PlatformCluster): Fault[] {
  const { serviceCidr } = network;
  const wanted = [
    { path: ["gateway", "controllerAddress"], address: controllerAddress },
    ...(gateway.limits === undefined
      ? []
      : [
          { path: ["gateway", "limits", "serviceAddress"], address: limitsAddress },
          { path: ["gateway", "limits", "counterAddress"], address: counterAddress },
        ]),
  ];
  const taken = new Map<string, string>();
  return wanted.flatMap(({ path, address: addressOf }): Fault[] => {
    const address = orUndefined(() => addressOf(gateway, serviceCidr));
    if (address === undefined) {
      const message = `missing; serviceCidr ${serviceCidr} is too small for the one it would be by itself`;
      return [{ path, message }];
    }
    if (!isService(address, network)) {
      const message = `${address} is not in serviceCidr ${serviceCidr}; choose a free address there`;
      return [{ path, message }];
    }
    const other = taken.get(address);
    if (other === undefined) taken.set(address, path.join("."));
    const message = `${address} is that of ${other}; choose another one`;
    return other === undefined ? [] : [{ path, message }];
  });
}

function orUndefined(read: () => string): string | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
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

function isService(address: string, network: PlatformCluster["network"]): boolean {
  const { family, value } = parseAddress(address);
  const range = parseCidr(network.serviceCidr);
  return family === range.family && value > range.first && value < range.last;
}
