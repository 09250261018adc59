/**
 * Rows of the table that the rules do not find in all variants, with the reason. A row that turned
 * red must leave this list, and a row that is not red must be in it.
 */
export const notYet: Readonly<Record<number, string>> = {
  5: "unseen by E08: cluster-of-the-other-family",
  8: "waits for E17",
  10: "unseen by E16 and W01: ping-without-capability",
  11: "waits for E15",
  12: "waits for W05",
  13: "waits for E17",
  14: "waits for E17",
  15: "waits for E18",
  18: "unseen by E06 and E07: forward-to-node, stub-domain, addon-default",
  19: "waits for W09",
  23: "waits for E19",
  24: "waits for E19",
  25: "waits for W06",
  26: "waits for E14",
  27: "waits for S05",
  28: "waits for S04",
  29: "waits for S03",
  32: "waits for W02",
  33: "waits for W05 and W06",
  35: "waits for W05",
  36: "waits for W07 and W08 and A14",
  37: "waits for A09 and S01",
  40: "unseen by A02: attention",
  41: "waits for A03",
  42: "waits for A04",
  43: "waits for A05",
  44: "waits for A06",
  45: "waits for A07 and A11",
  46: "waits for A08",
  47: "waits for A09 and A13",
  48: "waits for A10",
  49: "waits for A09",
  50: "waits for M01",
  51: "waits for M02",
  52: "waits for M03",
  53: "waits for M02",
  54: "waits for S06",
  55: "waits for S01",
  56: "waits for S02 and S03 and C03",
};

/**
 * Variants that are found, but by no rule that their row names, with the reason why that is as good.
 * Compared as strictly.
 */
export const caughtElsewhere: Readonly<Record<string, string>> = {
  "13/no-plugin": "without a plugin E01 counts every pod as open",
  "15/user-defined-network": "waits for E18",
  "16/admin-allow":
    "C02 refuses every rule of a tier that accepts, and E01 counts what it lets out",
  "16/cluster-accept":
    "C02 refuses every rule of a tier that accepts, and E01 counts what it lets out",
  "16/unheard-of": "C02 refuses a kind that nobody declared",
  "17/gone": "E04 demands the default deny itself; C02 watches who handles it",
  "18/engine-asks-names": "E03 refuses the resolver as a peer; E07 does not object to its Corefile",
  "18/unseen-resolver": "E03 refuses a peer about which the stack knows nothing",
  "24/sidecar-allow-any": "waits for E19",
  "24/ambient": "waits for E19",
  "25/webhook-outside": "C02 refuses who may rewrite or see objects on their way",
  "26/host-port": "waits for E14",
  "30/engine": "waits for E15",
  "30/nightly-job": "waits for E15",
  "32/shared-cache": "waits for W02",
  "32/container-socket": "waits for W02",
  "35/pip-install": "waits for W05",
  "35/post-start-request": "waits for W05",
  "46/collector": "waits for A08",
  "48/open-ports": "E12 lets nobody in but the gateway and the metrics",
};

/** Rows that have to be red, by a policy or by the API server. Only ever raised. */
export const fewestRedRows = 16;
