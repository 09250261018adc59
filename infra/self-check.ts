import { execFile } from "node:child_process";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

const program = path.join(import.meta.dirname, "../cli/run.ts");

/** The parts of the JSON report of `check` that are told here; it is stable within a format version. */
const reportSchema = z.object({
  formatVersion: z.literal(1),
  stacks: z.array(
    z.object({
      findings: z.array(
        z.object({
          policy: z.string(),
          object: z.string(),
          path: z.string(),
          problem: z.string(),
          enforcement: z.string(),
        }),
      ),
      excepted: z.array(
        z.object({
          policy: z.string(),
          object: z.string(),
          exception: z.object({ reason: z.string(), owner: z.string(), expires: z.string() }),
        }),
      ),
      undecided: z.array(z.object({ subject: z.string(), reason: z.string() })),
    }),
  ),
});

/**
 * Checks the stack file against every policy before anything is deployed. The engine runs the policy
 * pack only where somebody passes it, and with `--skip-preview` only after the fact; the program itself
 * cannot be left out. It runs `check` as a process of its own, since Pulumi's runtime is one per process.
 * @throws pulumi.RunError with every mandatory finding, or where `check` gives no verdict
 */
export async function refuseViolations(stack: string): Promise<void> {
  const { code, out, complaint } = await check(stack);
  const report = reportSchema.safeParse(parseJson(out));
  if (!report.success) {
    throw new pulumi.RunError(
      `stack ${stack} could not be checked, so nothing is deployed: ${complaint.trim() || `check ended with ${code}`}`,
    );
  }
  const { findings, excepted, undecided } = whole(report.data);
  // A rule that broke down is among the findings; any other reason for 1 is not known here.
  if (code !== 0 && code !== 3) {
    throw new pulumi.RunError(
      `stack ${stack} violates its own policies, so nothing is deployed; npm run check -- ${stack} tells more\n${findings
        .map((line) => `  ${line}`)
        .join("\n")}`,
    );
  }
  for (const line of excepted) await pulumi.log.info(line);
  if (undecided.length === 0) return;
  await pulumi.log.warn(
    `the program could not check ${undecided.join(", ")}; only the policy pack sees those objects, so pass --policy-pack policies`,
  );
}

function whole({ stacks }: z.infer<typeof reportSchema>) {
  return {
    findings: stacks.flatMap(({ findings }) =>
      findings
        .filter(({ enforcement }) => enforcement === "mandatory")
        .map(({ policy, object, path: at, problem }) => `${policy} ${object}: ${at}: ${problem}`),
    ),
    excepted: stacks.flatMap(({ excepted }) =>
      excepted.map(
        ({ policy, object, exception: { reason, owner, expires } }) =>
          `excepted until ${expires} by ${owner}: ${policy} ${object}: ${reason}`,
      ),
    ),
    undecided: stacks.flatMap(({ undecided }) => undecided.map(({ subject }) => subject)),
  };
}

interface Ended {
  readonly code: number | string;
  readonly out: string;
  readonly complaint: string;
}

function check(stack: string): Promise<Ended> {
  const args = [program, "check", stack, "--format", "json"];
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      args,
      { env: withoutEngine(process.env), maxBuffer: 256 * 1024 * 1024 },
      (error, out, complaint) =>
        resolve({ code: error === null ? 0 : codeOf(error), out, complaint }),
    );
  });
}

function codeOf(error: object): number | string {
  const code: unknown = Reflect.get(error, "code");
  return typeof code === "number" || typeof code === "string" ? code : "a signal";
}

/** What the engine tells its program would make the child believe that it talks to the engine too. */
function withoutEngine(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("PULUMI_")));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
