/** One way in which a program talks to its maker, and every place where it can be told not to. */
export interface Switch {
  /** Values that turn it off, in lower case. */
  readonly off: readonly string[];
  readonly variable?: string;
  /** Flag without dashes, in lower case. */
  readonly flag?: string;
  /** Path in a YAML, TOML or INI file that the program reads. */
  readonly file?: readonly string[];
  /** Whether saying nothing is enough. @default false */
  readonly offByDefault?: true;
}

export interface Program {
  /** Tested on the last part of an image's path, and on the program that a command names. */
  readonly name: RegExp;
  readonly switches: readonly Switch[];
  /** Variables that make it download code. */
  readonly downloads?: readonly string[];
}

const no = ["false", "0", "no", "off"] as const;
const yes = ["true", "1", "yes", "on"] as const;

/** A setting of Grafana: INI file, or a variable made of section and key. */
function grafana(section: string, key: string, off: readonly string[]): Switch {
  const variable = `GF_${section}_${key}`.toUpperCase().replaceAll(".", "_");
  return { off, variable, file: [section, key] };
}

/**
 * Programs of a platform that report usage, look for updates or fetch code by themselves.
 * Names as each program documents them, collected 2026-11; not tried against the programs.
 */
export const programs: readonly Program[] = [
  {
    name: /^grafana(?:-oss|-enterprise|-server)?$/,
    switches: [
      grafana("analytics", "reporting_enabled", no),
      grafana("analytics", "check_for_updates", no),
      grafana("analytics", "check_for_plugin_updates", no),
      grafana("news", "news_feed_enabled", no),
      grafana("security", "disable_gravatar", yes),
      grafana("snapshots", "external_enabled", no),
      grafana("plugins", "preinstall_disabled", yes),
      grafana("plugins", "public_key_retrieval_disabled", yes),
    ],
    downloads: ["GF_INSTALL_PLUGINS", "GF_PLUGINS_PREINSTALL", "GF_PLUGINS_PREINSTALL_SYNC"],
  },
  {
    name: /^(?:loki|enterprise-logs)$/,
    switches: [{ off: no, flag: "reporting.enabled", file: ["analytics", "reporting_enabled"] }],
  },
  {
    name: /^tempo$/,
    switches: [{ off: no, flag: "reporting.enabled", file: ["usage_report", "reporting_enabled"] }],
  },
  {
    name: /^mimir$/,
    switches: [{ off: no, flag: "usage-stats.enabled", file: ["usage_stats", "enabled"] }],
  },
  {
    name: /^pyroscope$/,
    switches: [{ off: no, flag: "reporting.enabled", file: ["analytics", "reporting_enabled"] }],
  },
  { name: /^(?:alloy|agent)$/, switches: [{ off: yes, flag: "disable-reporting" }] },
  {
    name: /^traefik(?:ee)?$/,
    switches: [
      {
        off: no,
        variable: "TRAEFIK_GLOBAL_CHECKNEWVERSION",
        flag: "global.checknewversion",
        file: ["global", "checkNewVersion"],
      },
      {
        off: no,
        variable: "TRAEFIK_GLOBAL_SENDANONYMOUSUSAGE",
        flag: "global.sendanonymoususage",
        file: ["global", "sendAnonymousUsage"],
        offByDefault: true,
      },
    ],
  },
  {
    name: /^ray(?:-\w+)*$/,
    switches: [{ off: ["0"], variable: "RAY_USAGE_STATS_ENABLED" }],
  },
  { name: /^litellm(?:-\w+)*$/, switches: [{ off: no, variable: "LITELLM_TELEMETRY" }] },
  { name: /^open-webui$/, switches: [{ off: no, variable: "ANONYMIZED_TELEMETRY" }] },
  { name: /^chroma$/, switches: [{ off: no, variable: "ANONYMIZED_TELEMETRY" }] },
  { name: /^langfuse(?:-\w+)*$/, switches: [{ off: no, variable: "TELEMETRY_ENABLED" }] },
  { name: /^qdrant$/, switches: [{ off: yes, variable: "QDRANT__TELEMETRY_DISABLED" }] },
  { name: /^weaviate$/, switches: [{ off: yes, variable: "DISABLE_TELEMETRY" }] },
  { name: /^netdata$/, switches: [{ off: yes, variable: "DISABLE_TELEMETRY" }] },
  {
    name: /^text-generation-inference$/,
    switches: [{ off: ["off", "no_stack"], variable: "USAGE_STATS", flag: "usage-stats" }],
  },
  {
    name: /^minio$/,
    switches: [{ off: ["off"], variable: "MINIO_UPDATE" }],
  },
  {
    name: /^kong(?:-gateway)?$/,
    switches: [{ off: no, variable: "KONG_ANONYMOUS_REPORTS" }],
  },
  {
    name: /^kibana$/,
    switches: [{ off: no, variable: "TELEMETRY_ENABLED", file: ["telemetry", "enabled"] }],
  },
];
