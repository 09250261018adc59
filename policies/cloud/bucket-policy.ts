import { accountOf } from "./accounts.ts";
import { isLimitedBy, type Statement } from "./iam-policy.ts";

/** Keys that tell the owner's requests from those of others. */
const ownerKeys = [
  "aws:sourcevpce",
  "aws:sourcevpc",
  "aws:principalorgid",
  "aws:principalaccount",
  "aws:sourceorgid",
  "aws:sourceaccount",
];
/** The same for a service of AWS that works on somebody's behalf. */
const serviceKeys = ["aws:sourceaccount", "aws:sourceorgid", "aws:sourcearn"];
/** Conditions that a wall may add: services of AWS that act for the owner come from no endpoint. */
const serviceExemptions = new Set(["aws:viaawsservice", "aws:principalisawsservice"]);

/** What is wrong with a bucket's policy; each a sentence that the policy's path begins. */
export function bucketPolicyFaults(
  statements: readonly Statement[],
  accounts: ReadonlySet<string>,
): readonly string[] {
  const walls = statements.some(isWall);
  return [
    ...(walls
      ? []
      : [
          "holds no Deny for everybody outside an endpoint (aws:SourceVpce), network or organisation of the owner",
        ]),
    ...statements.flatMap((statement) =>
      statement.effect === "Allow" ? allowFaults(statement, accounts) : [],
    ),
  ];
}

/** Denies every action on every object to requests that do not carry the owner's value. */
function isWall({ effect, principals, actions, resources, positive, conditions }: Statement) {
  const [limits, others] = [
    conditions.filter(({ key }) => ownerKeys.includes(key)),
    conditions.filter(({ key }) => !ownerKeys.includes(key)),
  ];
  return (
    effect === "Deny" &&
    positive &&
    principals === "everybody" &&
    (actions === "all" || actions.includes("s3:*")) &&
    (resources === "all" || resources.some((each) => each.endsWith("/*"))) &&
    limits.length === 1 &&
    limits.every(
      ({ operator, values }) =>
        /^stringnot(?:equals|like)(?:ignorecase)?(?:ifexists)?$/.test(operator) &&
        values.every((value) => value !== "" && !/[*?]|\$\{/.test(value)),
    ) &&
    others.every(({ key }) => serviceExemptions.has(key))
  );
}

function allowFaults(statement: Statement, accounts: ReadonlySet<string>): readonly string[] {
  const { principals } = statement;
  if (principals === "everybody") {
    if (isLimitedBy(statement, ownerKeys)) return [];
    return ["allows everybody without naming the owner's endpoint, network or organisation"];
  }
  return [...principals].flatMap(([type, names]) => {
    if (type === "Service") return serviceFaults(statement, names);
    const strangers = names.filter((name) => !accounts.has(accountOf(name) ?? ""));
    if (strangers.length === 0) return [];
    return ["allows a principal of another account than the provider's allowedAccountIds"];
  });
}

function serviceFaults(statement: Statement, names: readonly string[]): readonly string[] {
  if (names.some((name) => name.startsWith("cloudfront."))) {
    return ["lets CloudFront read the bucket, which serves it at the edge of the internet"];
  }
  if (isLimitedBy(statement, serviceKeys)) return [];
  return ["allows a service of AWS on behalf of any account; add aws:SourceAccount"];
}
