import { randomBytes } from "node:crypto";
import type { Desired } from "../components/lib/migration/desired.ts";
import { changeKeys, nudgeProxies, readKeys } from "./keys/secret.ts";
import { proxyOf, unlisted, withKey, withoutKey } from "./keys/table.ts";
import { commandLine } from "./support/arguments.ts";
import { deploymentEnding } from "./support/deployment.ts";
import { liveGateway } from "./support/gateway.ts";
import { runCommand, UsageError } from "./support/usage.ts";
import { authenticatedUser, type GatewayObjects, readDesiredRoutes } from "./traffic/objects.ts";
import { plain, table } from "./traffic/text.ts";

const usage = `usage: keys issue --team TEAM --class CLASS [--json]
       keys list [--json]
       keys revoke ID [--json]
keys by which clients call the gateway; each stands for a team and one task class, and is shown once
  --stack NAME     which stack (default: dev)
  --context NAME, --kubeconfig FILE  which cluster, where it is not the stack's own
to change a key without downtime, issue the second before you revoke the first
exit:  0 done, 1 failed, 2 usage, configuration or refused, 130 interrupted`;

function readArguments() {
  return commandLine(usage, {
    allowPositionals: true,
    options: {
      stack: { type: "string", default: "dev" },
      context: { type: "string" },
      kubeconfig: { type: "string" },
      team: { type: "string" },
      class: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
}

type Options = ReturnType<typeof readArguments>["values"];

async function main(): Promise<number> {
  const { values: options, positionals } = readArguments();
  if (options.help) return said(`${usage}\n`);
  const [verb, ...rest] = positionals;
  const { stack, context, kubeconfig } = options;
  const open = () => liveGateway({ stack, context, kubeconfig });
  if (verb === "revoke") {
    const [id, ...more] = rest;
    if (id === undefined || more.length > 0) throw new UsageError(`revoke needs one id\n${usage}`);
    return revoke(await open(), id, options);
  }
  if (rest.length > 0) throw new UsageError(`leave out ${rest.join(", ")}\n${usage}`);
  if (verb === "issue") {
    const { team, class: of } = options;
    if (team === undefined || of === undefined) {
      throw new UsageError(`issue needs --team and --class\n${usage}`);
    }
    return issue(await open(), checkedTeam(team), of, options);
  }
  if (verb === "list") return list(await open(), options);
  throw new UsageError(
    `${verb === undefined ? "say what to do" : `"${verb}" is no command`}\n${usage}`,
  );
}

function said(text: string): number {
  process.stdout.write(text);
  return 0;
}

/** A team's name goes into a header, a log and a file. */
function checkedTeam(team: string): string {
  if (/^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/.test(team)) return team;
  throw new UsageError(
    `--team ${team}: write small letters, digits and hyphens, at most 40, such as search-2`,
  );
}

function classOf({ classes }: Desired, name: string) {
  const found = classes.find((one) => one.name === name);
  if (found !== undefined) return found;
  const known = classes.map((one) => one.name).join(", ");
  throw new UsageError(`--class ${name}: no task class of this stack; classes are ${known}`);
}

async function issue(
  objects: GatewayObjects,
  team: string,
  name: string,
  { json }: Options,
): Promise<number> {
  const taskClass = classOf(await readDesiredRoutes(objects), name);
  const by = await authenticatedUser(objects);
  const key = `pllm_${randomBytes(32).toString("base64url")}`;
  const id = `k-${randomBytes(4).toString("hex")}`;
  const created = new Date().toISOString();
  await changeKeys(objects, (ring) =>
    withKey(ring, { key, id, team, class: taskClass, created, by }),
  );
  const told = await nudgeProxies(objects);
  const proxy = proxyOf(taskClass);
  if (json) return said(`${JSON.stringify({ id, team, class: name, proxy, created, by, key })}\n`);
  return said(
    `key ${id} of team ${team} for class ${name}, served by ${proxy}; it is shown only now:\n${key}\n${soon(told)}\n`,
  );
}

async function revoke(objects: GatewayObjects, id: string, { json }: Options): Promise<number> {
  if (!(await changeKeys(objects, (ring) => withoutKey(ring, id)))) {
    throw new UsageError(`no key has the id ${id}; see keys list`);
  }
  const told = await nudgeProxies(objects);
  return said(
    json ? `${JSON.stringify({ id, revoked: true })}\n` : `key ${id} revoked\n${soon(told)}\n`,
  );
}

function soon(told: number): string {
  return told > 0
    ? `${told} gateway pods were told; it counts there in some seconds`
    : "it counts in a gateway pod when its Secret is next looked at, about a minute";
}

async function list(objects: GatewayObjects, { json }: Options): Promise<number> {
  const { ring } = await readKeys(objects);
  const strangers = unlisted(ring);
  if (json) return said(`${JSON.stringify({ keys: ring.table, unlisted: strangers })}\n`);
  if (ring.table.length === 0 && strangers.length === 0) return said("no keys\n");
  const rows = ring.table.map(({ id, team, class: of, sha256, created, by }) =>
    [id, team, of, sha256, created, by].map(plain),
  );
  const lines = table([["id", "team", "class", "sha256", "created", "by"], ...rows]);
  const warnings = strangers.map(
    ({ client, sha256 }) => `! a key that nobody issued here: ${plain(client)}, sha256 ${sha256}`,
  );
  return said([...lines, ...warnings, ""].join("\n"));
}

await runCommand(() => deploymentEnding(main));
