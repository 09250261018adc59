import type * as k8s from "@pulumi/kubernetes";
import type { WeightsSource } from "../lib/stack/weights.ts";

/** Where files of the source's Secret and ConfigMap are seen, and their keys. */
export const tokenFile = { folder: "/token", key: "token" } as const;
export const caFile = { folder: "/ca", key: "ca.crt" } as const;

/** What the staging program is told of the source. Redirects lead to the named hosts and to no others. */
export function sourceArgs(source: WeightsSource): string[] {
  return [
    ...placeArgs(source),
    ...(source.tokenSecret === undefined
      ? []
      : ["--token-file", `${tokenFile.folder}/${tokenFile.key}`]),
    ...(source.caConfigMap === undefined ? [] : ["--ca-file", `${caFile.folder}/${caFile.key}`]),
  ];
}

function placeArgs(source: WeightsSource): string[] {
  switch (source.kind) {
    case "hub": {
      const { address, port } = source.reach;
      const host = address.includes(":") ? `[${address}]` : address;
      return [
        "--source",
        `https://${source.host}/{repository}/resolve/{revision}`,
        ...source.contentHosts.flatMap((each) => ["--host", each]),
        "--proxy",
        `http://${host}:${port}`,
      ];
    }
    case "mirror":
      return ["--source", source.url];
    default:
      source satisfies never;
      throw new Error("unreachable");
  }
}

/** Names that a pod cannot ask for, since it may ask nobody for names; a forward proxy asks by itself. */
export function sourceAliases(source: WeightsSource): k8s.types.input.core.v1.HostAlias[] {
  if (source.kind === "hub") return [];
  return [{ ip: source.address, hostnames: [new URL(source.url).hostname] }];
}
