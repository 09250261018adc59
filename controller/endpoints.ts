import { egressPorts } from "../components/gateway/egress-ports.ts";
import type { EngineAddress } from "../components/gateway/envoy/endpoints.ts";
import { egressGateway } from "../components/gateway/names.ts";
import { compareText } from "../components/lib/compare-text.ts";
import { type Desired, engineCluster } from "../components/lib/migration/desired.ts";
import type { Observed, Slice } from "./observed.ts";

/** Name of the port of a model server's Service. */
const enginePortName = "http";

/** Addresses of every cluster; `undefined` until all of them are known. */
export function clusterAddresses(
  desired: Desired,
  { file, engines, egress }: Observed,
): ReadonlyMap<string, readonly EngineAddress[]> | undefined {
  const known = clustersOf(desired);
  if (file !== undefined) {
    const empty = [...known.engines, ...known.external].map((name) => [name, []] as const);
    return new Map([...empty, ...Object.entries(file)]);
  }
  if (engines === undefined || egress === undefined) return undefined;
  const clusters = new Map<string, readonly EngineAddress[]>(
    [...known.engines].map((name) => [name, []]),
  );
  for (const service of new Set(engines.map((slice) => slice.service))) {
    const own = engines.filter((slice) => slice.service === service);
    clusters.set(engineCluster(service), sorted(own.flatMap(engineAddresses)));
  }
  const out = egress.filter(({ service }) => service === egressGateway);
  for (const [cluster, port] of egressPorts(known.external)) {
    const addresses = out.flatMap((slice) => slice.addresses.map((address) => ({ address, port })));
    clusters.set(cluster, sorted(addresses));
  }
  return clusters;
}

function clustersOf({ classes }: Desired) {
  const backends = classes.flatMap((one) => one.backends);
  const of = (wanted: string) =>
    new Set(backends.filter(({ kind }) => kind === wanted).map(({ cluster }) => cluster));
  return { engines: of("local"), external: of("external") };
}

function engineAddresses({ ports, addresses }: Slice): EngineAddress[] {
  const port = ports.find(({ name }) => name === enginePortName)?.port;
  return port === undefined ? [] : addresses.map((address) => ({ address, port }));
}

/** In one order and each once, so that equal endpoints are equal resources. */
function sorted(addresses: readonly EngineAddress[]): readonly EngineAddress[] {
  const unique = new Map(addresses.map((one) => [`${one.address} ${one.port}`, one]));
  return [...unique.entries()].toSorted(([a], [b]) => compareText(a, b)).map(([, one]) => one);
}
