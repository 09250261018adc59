import { z } from "zod";
import { ports } from "../../../components/gateway/names.ts";
import { eventually } from "../../gateway/support/eventually.ts";
import type { RunningProxy } from "../../gateway/support/plane.ts";

const route = z.object({
  name: z.string().optional(),
  route: z
    .object({
      weighted_clusters: z.object({
        clusters: z.array(z.object({ name: z.string(), weight: z.number().default(0) })),
      }),
    })
    .optional(),
});
const dump = z.object({
  configs: z.array(
    z.object({
      route_config: z.object({ virtual_hosts: z.array(z.object({ routes: z.array(route) })) }),
    }),
  ),
});

/** Waits until the proxy itself says that the first backend of a class has this share. */
export async function inForce(proxy: RunningProxy, name: string, percent: number): Promise<void> {
  const last = await eventually(
    () => firstShare(proxy, name),
    (share) => share === percent,
  );
  if (last !== percent)
    throw new Error(`${name} has ${last} %, not ${percent} %, after ten seconds`);
}

async function firstShare(proxy: RunningProxy, name: string): Promise<number | undefined> {
  const admin = `http://127.0.0.1:${proxy.port(ports.admin)}`;
  const answer = await fetch(`${admin}/config_dump?resource=dynamic_route_configs`);
  const routes = dump
    .parse(await answer.json())
    .configs.flatMap(({ route_config }) => route_config.virtual_hosts)
    .flatMap((host) => host.routes);
  const found = routes.find((each) => each.name === name && each.route !== undefined);
  return found?.route?.weighted_clusters.clusters[0]?.weight;
}
