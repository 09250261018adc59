import { demandOneOf } from "../kubernetes/demands.ts";
import { elements, get, isEmpty, isUnreadable } from "../model/field.ts";
import type { Violation } from "../model/rule.ts";
import { unreadable, violation } from "../model/violation.ts";
import { type Aws, type AwsResource, given } from "./aws.ts";
import { checkResourceKey } from "./customer-key.ts";

/** A repository of images: a key of the owner, tags that name the same bytes for ever, and a scan. */
export function checkImageRepository(aws: Aws, repository: AwsResource): readonly Violation[] {
  return [
    ...checkEncryption(aws, repository),
    ...demandOneOf(
      repository,
      given(repository, "imageTagMutability"),
      ["IMMUTABLE"],
      'set imageTagMutability: "IMMUTABLE"',
    ),
    ...demandOneOf(
      repository,
      given(repository, "imageScanningConfiguration", "scanOnPush"),
      [true],
      "set imageScanningConfiguration.scanOnPush: true",
    ),
  ];
}

function checkEncryption(aws: Aws, repository: AwsResource): readonly Violation[] {
  const list = given(repository, "encryptionConfigurations");
  if (isUnreadable(list)) return [unreadable(repository, list)];
  if (isEmpty(list)) {
    const problem = "is absent, so a key of the provider encrypts";
    const remedy = "add encryptionType: KMS and a key of your own";
    return [violation(repository, list, problem, remedy)];
  }
  return elements(list).flatMap((each) => [
    ...demandOneOf(
      repository,
      get(each, "encryptionType"),
      ["KMS", "KMS_DSSE"],
      'set encryptionType: "KMS"',
    ),
    ...checkResourceKey(aws, repository, get(each, "kmsKey")),
  ]);
}
