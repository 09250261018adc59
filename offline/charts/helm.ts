import { spawn } from "node:child_process";

/** Arguments of one rendering, as the Kubernetes provider gives them to Helm. */
export interface Rendering {
  readonly chart: string;
  readonly release: string;
  readonly namespace: string;
  readonly values: unknown;
  readonly skipCrds: boolean;
  /** Kubernetes version that templates see, such as `1.37.2`. */
  readonly kubernetesVersion: string;
}

/** `Chart.yaml` of a chart, as YAML text. @throws Error with Helm's own words */
export function showChart(helm: string, chart: string): Promise<string> {
  return run(helm, ["show", "chart", chart], "");
}

/**
 * Renders a chart with its definitions and without its tests. `helm.v4.Chart` leaves out the hooks
 * too; they are kept here, so that a report can name what will be missing. Values go through a pipe,
 * since they may hold secrets.
 * @throws Error with Helm's own words
 */
export function template(helm: string, rendering: Rendering): Promise<string> {
  const { chart, release, namespace, values, skipCrds, kubernetesVersion } = rendering;
  return run(
    helm,
    [
      "template",
      release,
      chart,
      "--namespace",
      namespace,
      "--kube-version",
      kubernetesVersion,
      "--skip-tests",
      ...(skipCrds ? ["--skip-crds"] : ["--include-crds"]),
      "--values",
      "-",
    ],
    JSON.stringify(values),
  );
}

function run(helm: string, args: readonly string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(helm, args, { stdio: ["pipe", "pipe", "pipe"] });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(Buffer.concat(out).toString("utf8"));
      else
        reject(new Error(Buffer.concat(err).toString("utf8").trim() || `helm ended with ${code}`));
    });
    // Helm may end before it has read everything; its own message says why.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}
