import { type GatewayFiles, gatewayFiles } from "../../../components/gateway/envoy/files.ts";
import { enginePaths } from "../../../components/lib/engine-paths.ts";
import { isRecord } from "../../../tools/simulator/values.ts";
import { goodPlan } from "../support/plan.ts";
import { all, at, child, children, type Json, managers, text } from "./json.ts";

/** The three proxies as JSON that a mutant may change. */
export type Proxies = Readonly<Record<"open" | "closed" | "egress", Json>>;

export function goodProxies(files: GatewayFiles = gatewayFiles(goodPlan)): Proxies {
  const parsed = (name: keyof GatewayFiles): Json => {
    const value: unknown = JSON.parse(files[name]?.["envoy.json"] ?? "null");
    if (!isRecord(value)) throw new Error(`the plan has no ${name}`);
    return { ...value };
  };
  return { open: parsed("open"), closed: parsed("closed"), egress: parsed("egress") };
}

export interface Safety {
  /** What holds, as a sentence. */
  readonly title: string;
  /** What speaks against it. */
  readonly faults: (proxies: Proxies) => readonly string[];
  /** Changes that each break it. */
  readonly mutants: Readonly<Record<string, (proxies: Proxies) => void>>;
}

/** `openai-` begins headers that every listener removes; the other exception is a setting of outlier detection. */
const outside =
  /openai(?!-")|azure|gpt-5|external(?!_local_origin)|egress|provider|10\.20\.0\.5|forward-proxy|internet|inner-/i;

export const safeties: readonly Safety[] = [
  {
    title: "the closed gateway's configuration can name no outside",
    faults: ({ closed }) => {
      const named = text(closed).match(outside);
      const strange = children(closed, "static_resources.clusters")
        .map((cluster) => String(cluster["name"]))
        .filter(
          (name) =>
            !/^(?:(?:health-of-)?engine-(?:large|small)|route-controller|admin)$/.test(name),
        );
      return [...(named === null ? [] : named), ...strange];
    },
    mutants: {
      "a cluster of the open gateway": ({ open, closed }) => {
        const [external] = children(open, "static_resources.clusters").filter((each) =>
          String(each["name"]).startsWith("external-"),
        );
        push(closed, "static_resources.clusters", external ?? {});
      },
      "a cluster under an innocent name": ({ closed }) =>
        push(closed, "static_resources.clusters", { name: "more" }),
      "a share of a class": ({ closed }) => {
        const [first] = all(closed, "weighted_clusters");
        push(first ?? {}, "clusters", { name: "external-openai-gpt-5", weight: 1 });
      },
      "the key of a provider": ({ closed }) => {
        closed["secrets"] = [{ filename: "/etc/envoy/provider-keys/x/api-key" }];
      },
    },
  },
  {
    title: "the closed gateway's routes come from no server",
    faults: ({ closed }) => (all(closed, "rds").length === 0 ? [] : ["rds"]),
    mutants: {
      rds: ({ open, closed }) => {
        const [manager] = managers(closed);
        const [rds] = all(open, "rds");
        if (manager !== undefined) manager["rds"] = rds;
      },
    },
  },
  {
    title: "the open gateway knows no provider's address and no provider's key",
    faults: ({ open }) => text(open).match(/api\.openai\.com|provider-key|10\.20\.0\.5/g) ?? [],
    mutants: {
      "a cluster of the egress gateway": ({ open, egress }) => {
        const [first] = children(egress, "static_resources.clusters");
        push(open, "static_resources.clusters", first ?? {});
      },
    },
  },
  {
    title: "dead servers get no request: the panic threshold is 0 wherever endpoints have health",
    faults: (proxies) =>
      Object.values(proxies)
        .flatMap((proxy) => children(proxy, "static_resources.clusters"))
        .filter(
          ({ name, cluster_type }) =>
            !/^(?:admin|route-controller)$/.test(String(name)) &&
            !text(cluster_type).includes("aggregate"),
        )
        .filter((cluster) => at(cluster, "common_lb_config.healthy_panic_threshold.value") !== 0)
        .map(({ name }) => String(name)),
    mutants: {
      "no threshold": ({ closed }) => {
        delete child(closed, "static_resources.clusters", "engine-small")["common_lb_config"];
      },
      "that of Envoy": ({ open }) => {
        child(open, "static_resources.clusters", "engine-large")["common_lb_config"] = {
          healthy_panic_threshold: { value: 50 },
        };
      },
    },
  },
  {
    title: "admin interface and health checks listen on loopback alone",
    faults: (proxies) =>
      Object.values(proxies)
        .flatMap((proxy) => [
          at(proxy, "admin.address.socket_address.address"),
          ...children(proxy, "static_resources.listeners")
            .filter(({ name }) => name === "health")
            .map((listener) => at(listener, "address.socket_address.address")),
        ])
        .filter((host) => host !== "127.0.0.1")
        .map(String),
    mutants: {
      admin: ({ egress }) => {
        egress["admin"] = { address: { socket_address: { address: "0.0.0.0", port_value: 1 } } };
      },
      checks: ({ closed }) => {
        child(closed, "static_resources.listeners", "health")["address"] = {
          socket_address: { address: "0.0.0.0", port_value: 1 },
        };
      },
    },
  },
  {
    title: "nobody can open a tunnel or name a destination",
    faults: (proxies) =>
      text(proxies).match(
        /CONNECT|upgrade_configs|connect_matcher|connect_config|tunneling_config|allow_connect|dynamic_forward_proxy|original_dst|cluster_header|host_rewrite_header|tcp_proxy|ORIGINAL_DST/g,
      ) ?? [],
    mutants: {
      CONNECT: ({ open }) => {
        for (const each of managers(open)) each["upgrade_configs"] = [{ upgrade_type: "CONNECT" }];
      },
      "a cluster by header": ({ closed }) => {
        for (const each of all(closed, "route")) each["cluster_header"] = "x-where";
      },
    },
  },
  {
    title: "known paths first, then the key, and nothing between them",
    faults: ({ open, closed, egress }) =>
      [open, closed, egress].flatMap((proxy) =>
        managers(proxy)
          .filter((manager) => !/^(?:metrics|health|inner-)/.test(String(manager["stat_prefix"])))
          .filter((manager) => {
            const [paths, keys] = children(manager, "http_filters");
            const listed = text(paths).match(/"exact":"\/[^"]*"/g) ?? [];
            return (
              paths?.["name"] !== "envoy.filters.http.rbac" ||
              at(paths, "typed_config.rules.action") !== "ALLOW" ||
              text(listed) !== text(enginePaths.map((path) => `"exact":"${path}"`)) ||
              keys?.["name"] !== "client-keys" ||
              !text(keys["config_discovery"]).includes("path_config_source") ||
              text(keys).includes("default_config") ||
              (text(manager).includes("typed_per_filter_config") &&
                text(manager).includes("disabled"))
            );
          })
          .map((manager) => String(manager["stat_prefix"])),
      ),
    mutants: {
      "one path more": ({ open }) => {
        const [permissions] = all(open, "policies");
        push(permissions ?? {}, "engine-paths.permissions", {
          url_path: { path: { exact: "/x" } },
        });
      },
      "all but these": ({ closed }) => {
        for (const each of all(closed, "rules")) each["action"] = "DENY";
      },
      "no key": ({ egress }) => {
        for (const each of managers(egress)) each["http_filters"] = [];
      },
      "no key where the file is missing": ({ open }) => {
        for (const each of all(open, "config_discovery")) each["default_config"] = {};
      },
    },
  },
  {
    title: "what a client says about itself goes before routes are looked up",
    faults: ({ open, closed }) =>
      [open, closed]
        .map((proxy) => managers(proxy).find((each) => each["stat_prefix"] === "clients"))
        .filter(
          (manager) =>
            !text(at(manager, "early_header_mutation_extensions")).includes(
              '{"remove_on_match":{"key_matcher":{"prefix":"x-private-llm-"}}}',
            ),
        )
        .map(() => "keeps x-private-llm-*"),
    mutants: {
      kept: ({ closed }) => {
        for (const each of managers(closed)) delete each["early_header_mutation_extensions"];
      },
    },
  },
];

export function push(value: Json, path: string, item: Json): void {
  const list = at(value, path);
  if (!Array.isArray(list)) throw new Error(`${path} is no list`);
  list.push(item);
}
