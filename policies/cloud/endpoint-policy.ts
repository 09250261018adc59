import { accountOf } from "./accounts.ts";
import { isLimitedBy, type Statement } from "./iam-policy.ts";

/** Keys that say whose the resource is. */
const resourceKeys = [
  "aws:resourceorgid",
  "aws:resourceorgpaths",
  "aws:resourceaccount",
  "s3:resourceaccount",
];
/** Keys that say who asks. */
const principalKeys = ["aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount"];

/** Actions that bring data in and send none out, apart from the name that is asked for. */
const reading = new Set([
  "s3:getobject",
  "s3:getobjectversion",
  "s3:getbucketlocation",
  "s3:listbucket",
]);

/** What is wrong with the policy of an endpoint; each a sentence that the policy's path begins. */
export function endpointPolicyFaults(
  statements: readonly Statement[],
  storage: boolean,
  accounts: ReadonlySet<string>,
): readonly string[] {
  return statements
    .filter(({ effect }) => effect === "Allow")
    .flatMap((statement) => (storage ? storageFault(statement) : callerFault(statement, accounts)));
}

/** Through an endpoint of a store, data goes to whatever bucket or table the request names. */
function storageFault(statement: Statement): readonly string[] {
  if (isLimitedBy(statement, resourceKeys) || readsNamedBucket(statement)) return [];
  return [
    "lets requests write to buckets of anybody; limit each Allow by aws:ResourceOrgID or aws:ResourceAccount",
  ];
}

function readsNamedBucket({ actions, resources }: Statement): boolean {
  return (
    actions !== "all" &&
    actions.every((action) => reading.has(action)) &&
    resources !== "all" &&
    resources.every((each) => /^arn:aws[\w-]*:s3:::[a-z0-9.-]+(?:\/.*)?$/.test(each))
  );
}

function callerFault(statement: Statement, accounts: ReadonlySet<string>): readonly string[] {
  if (isLimitedBy(statement, [...resourceKeys, ...principalKeys])) return [];
  const { principals, positive } = statement;
  const own =
    positive &&
    principals !== "everybody" &&
    [...principals.values()].flat().every((name) => accounts.has(accountOf(name) ?? ""));
  if (own) return [];
  return [
    "serves principals of any account; limit each Allow by aws:PrincipalOrgID or aws:ResourceOrgID",
  ];
}
