import { cidrFault } from "../components/lib/cidr.ts";
import { type CniName, cniNames } from "../components/lib/stack/network.ts";
import { type EgressAnswer, egressExitCode } from "../offline/egress/answer.ts";
import { egressText } from "../offline/report/egress-text.ts";
import type { AnalysisOptions } from "../policies/egress/analyze.ts";
import { profileOf } from "../policies/egress/profiles.ts";
import { commandLine } from "./support/arguments.ts";
import { writeOutput } from "./support/output.ts";
import { chosenStacks } from "./support/stacks.ts";
import { surroundings } from "./support/surroundings.ts";
import { runCommand, UsageError } from "./support/usage.ts";
import { userPath } from "./support/user-path.ts";

const usage = `usage: npm run egress -- STACK [--charts DIR]
       npm run egress -- --manifests PATH [--cni NAME] [--pod-cidr CIDR --service-cidr CIDR --node-cidr CIDR]
       both: [--json] [--out FILE]
exit:  0 analysed, 1 something could not be read, 2 usage or configuration error, 3 undecided`;

async function main(): Promise<number> {
  const { values, positionals } = readArguments();
  if (values.help === true) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const answer =
    values.manifests === undefined
      ? await ofStack(positionals, values)
      : await ofManifests(values.manifests, positionals, values);
  const text = values.json === true ? jsonOf(answer) : egressText(answer);
  if (values.out === undefined) process.stdout.write(text);
  else await writeOutput(userPath(values.out), text, values.out);
  return egressExitCode(answer);
}

type Arguments = ReturnType<typeof readArguments>["values"];

function readArguments() {
  return commandLine(usage, {
    allowPositionals: true,
    options: {
      manifests: { type: "string" },
      charts: { type: "string" },
      cni: { type: "string" },
      "pod-cidr": { type: "string" },
      "service-cidr": { type: "string" },
      "node-cidr": { type: "string" },
      json: { type: "boolean" },
      out: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
}

async function ofStack(named: readonly string[], values: Arguments): Promise<EgressAnswer> {
  const [stack, ...more] = named;
  if (stack === undefined || more.length > 0) throw new UsageError(`name one stack\n${usage}`);
  const foreign = (["cni", "pod-cidr", "service-cidr", "node-cidr"] as const).filter(
    (name) => values[name] !== undefined,
  );
  if (foreign.length > 0) {
    throw new UsageError(
      `--${foreign.join(", --")}: a stack file says this itself; leave it out\n${usage}`,
    );
  }
  await chosenStacks([stack]);
  // Pulumi's SDK is loaded for a stack alone: manifests are analysed on every save.
  const { egressOfStack } = await import("../offline/egress/of-stack.ts");
  return egressOfStack(stack, await surroundings(values.charts));
}

async function ofManifests(
  given: string,
  named: readonly string[],
  values: Arguments,
): Promise<EgressAnswer> {
  if (named.length > 0 || values.charts !== undefined) {
    throw new UsageError(`--manifests reads neither stacks nor charts\n${usage}`);
  }
  const { egressOfManifests } = await import("../offline/egress/of-manifests.ts");
  return egressOfManifests(userPath(given), given, optionsOf(values));
}

function optionsOf(values: Arguments): AnalysisOptions {
  const { cni } = values;
  const profile = cni === undefined ? {} : { profile: profileOf(cniOf(cni), undefined) };
  const ranges = (["pod-cidr", "service-cidr", "node-cidr"] as const).map((name) => ({
    name,
    cidr: values[name],
  }));
  const given = ranges.filter(({ cidr }) => cidr !== undefined);
  if (given.length === 0) return profile;
  const faults = ranges.flatMap(({ name, cidr }) => {
    if (cidr === undefined) return [`--${name} is missing; give all three ranges or none`];
    const fault = cidrFault(cidr);
    return fault === undefined ? [] : [`--${name}: ${fault}`];
  });
  if (faults.length > 0) throw new UsageError(`${faults.join("\n")}\n${usage}`);
  const [podCidr = "", serviceCidr = "", nodeCidr = ""] = ranges.map(({ cidr }) => cidr);
  return { ...profile, network: { podCidr, serviceCidr, nodeCidr } };
}

function cniOf(given: string): CniName {
  const known = cniNames.find((name) => name === given);
  if (known !== undefined) return known;
  throw new UsageError(`--cni ${given} is unknown; choose ${cniNames.join(", ")}`);
}

/** Stable: workloads, errors and warnings as `EgressReport` states them; an undecided chart is an error. */
function jsonOf({ report, undecided }: EgressAnswer): string {
  const whole = { ...report, errors: [...report.errors, ...undecided] };
  return `${JSON.stringify(whole, undefined, 2)}\n`;
}

await runCommand(main);
