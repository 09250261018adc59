import { parseArgs } from "node:util";

export const usage = `usage: node controller/main.ts --namespace NAME --inference-namespace NAME [--kubeconfig FILE [--context NAME]]
  [--host ADDRESS] [--port PORT] [--health-port PORT] [--endpoints FILE]
serves the routes and endpoints of the gateway's proxies by REST xDS
  --kubeconfig  instead of the account of the pod
  --endpoints   JSON {cluster: [{address, port}]} instead of EndpointSlices, for a local data plane`;

export interface ControllerArguments {
  readonly namespace: string;
  readonly inferenceNamespace: string;
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly healthPort: number;
  readonly endpoints: string | undefined;
}

/** @throws Error that says what is wrong */
export function controllerArguments(argv: readonly string[]): ControllerArguments {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      namespace: { type: "string" },
      "inference-namespace": { type: "string" },
      kubeconfig: { type: "string" },
      context: { type: "string" },
      host: { type: "string", default: "0.0.0.0" },
      port: { type: "string", default: "8080" },
      "health-port": { type: "string", default: "8081" },
      endpoints: { type: "string" },
    },
  });
  return {
    namespace: name("--namespace", values.namespace),
    inferenceNamespace: name("--inference-namespace", values["inference-namespace"]),
    kubeconfig: values.kubeconfig,
    context: values.context,
    host: values.host,
    port: port("--port", values.port),
    healthPort: port("--health-port", values["health-port"]),
    endpoints: values.endpoints,
  };
}

function name(option: string, given: string | undefined): string {
  if (given === undefined) throw new Error(`${option} is missing; name the namespace`);
  if (/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(given)) return given;
  throw new Error(`${option} ${given}: is no name of a namespace`);
}

/** 0 means any that is free. */
function port(option: string, given: string): number {
  const value = Number(given);
  if (/^\d+$/.test(given) && value <= 65_535) return value;
  throw new Error(`${option} ${given}: give a port from 1 to 65535`);
}
