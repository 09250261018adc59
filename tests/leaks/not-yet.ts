/**
 * Rows of the table that the rules do not find in all variants, with the reason. A row that turned
 * red must leave this list, and a row that is not red must be in it.
 */
export const notYet: Readonly<Record<number, string>> = {
  10: "the sysctl that lets a process ping without a capability is one of the restricted standard, and the egress probe needs it; the probe sends the packets",
  47: "a digest says nothing of a version, so a wrong version label goes unseen; hash algorithms of the cache are not judged",
  51: "a Grafana or Loki whose configuration leaves the reporting switch out is not recognised by its configuration alone",
  53: "which registry, proxy and packages a driver container uses is read from chart values, not from the ClusterPolicy; host ports are allowed in the operator's namespace",
};

/**
 * Variants that are found, but by no rule that their row names, with the reason why that is as good.
 * Compared as strictly.
 */
export const caughtElsewhere: Readonly<Record<string, string>> = {
  "11/host-port": "E19 refuses the proxy itself; the operator's namespace may use the host",
  "11/host-proxy": "E19 refuses the proxy itself; the operator's namespace may use the host",
  "13/auto-mode": "O07 refuses nodes whose release nobody pins, which those of Auto Mode are",
  "16/admin-allow":
    "C02 refuses every rule of a tier that accepts, and E01 counts what it lets out",
  "16/cluster-accept":
    "C02 refuses every rule of a tier that accepts, and E01 counts what it lets out",
  "16/unheard-of": "C02 refuses a kind that nobody declared",
  "17/gone": "E04 demands the default deny itself; C02 watches who handles it",
  "19/hosts-file": "A03 refuses what is mounted over files of the engine's image",
  "23/variable-upstream": "A11 refuses every proxy on the way of prompts that it cannot read",
  "25/webhook-outside": "C02 refuses who may rewrite or see objects on their way",
  "26/host-port": "E15 and W01 refuse the port of the host itself",
  "35/post-start-request": "W01 refuses hooks that call another host",
  "48/events": "A09 judges every flag about the cache, this one too",
  "51/ray": "A03 refuses an engine that starts in a way nobody has judged",
};

/** Rows that have to be red, by a policy or by the API server. Only ever raised. */
export const fewestRedRows = 51;
