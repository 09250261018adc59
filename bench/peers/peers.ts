import { z } from "zod";

/** A tool that others would pick for a part of the same question. */
export interface Peer {
  readonly name: string;
  readonly version: string;
  /** Where it comes from; `npm run bench -- --install-peers` puts it into the user's cache. */
  readonly source:
    | { readonly kind: "pypi"; readonly package: string; readonly binary: string }
    | { readonly kind: "go"; readonly package: string; readonly binary: string };
  /** What it answers, in a few words: a comparison of times without this says nothing. */
  readonly question: string;
  /** @param folder holds one file, `all.yaml` */
  readonly command: (binary: string, folder: string) => readonly string[];
  /** What it complains of, or shows, as lines that can be compared with those of another run. */
  readonly findings: (stdout: string) => readonly string[];
}

const checkovReport = z.looseObject({
  results: z.looseObject({
    failed_checks: z.array(z.looseObject({ check_id: z.string(), resource: z.string() })),
  }),
});

const conftestReport = z.array(
  z.looseObject({ failures: z.array(z.looseObject({ msg: z.string() })).default([]) }),
);

/** The one rule that is written for conftest here; its users write their own. */
export const conftestRule = `package main

deny contains msg if {
  input.kind == "NetworkPolicy"
  some rule in input.spec.egress
  not rule.to
  msg := sprintf("%s/%s allows every destination", [input.metadata.namespace, input.metadata.name])
}
`;

/** Versions as their registries served them in November 2026. */
export const peers: readonly Peer[] = [
  {
    name: "checkov",
    version: "3.3.30",
    source: { kind: "pypi", package: "checkov", binary: "checkov" },
    question: "100 and more checks of single objects; whether a policy selects a pod",
    command: (binary, folder) => [
      binary,
      "--directory",
      folder,
      "--framework",
      "kubernetes",
      "--compact",
      "--quiet",
      "--output",
      "json",
      "--soft-fail",
      "--skip-download",
    ],
    findings: (stdout) => {
      const parsed = checkovReport.safeParse(JSON.parse(stdout));
      if (!parsed.success) return [];
      return parsed.data.results.failed_checks.map((each) => `${each.check_id} ${each.resource}`);
    },
  },
  {
    name: "network-config-analyzer",
    version: "2.1.0",
    source: { kind: "pypi", package: "network-config-analyzer", binary: "nca" },
    question: "full connectivity of IPv4 and IPv6",
    command: (binary, folder) => [
      binary,
      "--connectivity",
      folder,
      "--resource_list",
      folder,
      "--return_0",
      "--output_format",
      "txt",
    ],
    findings: (stdout) => stdout.split("\n").filter((line) => line.trim() !== ""),
  },
  {
    name: "kube-score",
    version: "v1.20.0",
    source: {
      kind: "go",
      package: "github.com/zegl/kube-score/cmd/kube-score",
      binary: "kube-score",
    },
    question: "some 40 checks of single objects; whether a policy selects a pod",
    command: (binary, folder) => [binary, "score", "--output-format", "ci", `${folder}/all.yaml`],
    findings: (stdout) =>
      stdout.split("\n").filter((line) => /^\[(?:CRITICAL|WARNING)\]/.test(line)),
  },
  {
    name: "conftest",
    version: "v0.71.1",
    source: { kind: "go", package: "github.com/open-policy-agent/conftest", binary: "conftest" },
    question: "one rule of the user's own",
    command: (binary, folder) => [
      binary,
      "test",
      folder,
      "--policy",
      `${folder}.rego`,
      "--output",
      "json",
      "--no-fail",
    ],
    findings: (stdout) => {
      const parsed = conftestReport.safeParse(JSON.parse(stdout));
      return parsed.success
        ? parsed.data.flatMap((each) => each.failures.map(({ msg }) => msg))
        : [];
    },
  },
];
