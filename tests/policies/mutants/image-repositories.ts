import { unknown } from "../../../policies/model/value.ts";
import { aws } from "../cloud-graph.ts";
import { cloudAdded, cloudMutant, type Mutant } from "./mutant.ts";

const engine = "Repository/engine";
const encryption = "encryptionConfigurations";

export const repositories: readonly Mutant[] = [
  cloudMutant(
    "S03",
    "image tags that move",
    engine,
    ["imageTagMutability"],
    undefined,
    "imageTagMutability",
  ),
  cloudMutant(
    "S03",
    "image tags that move with exceptions",
    engine,
    ["imageTagMutability"],
    "IMMUTABLE_WITH_EXCLUSION",
    "imageTagMutability",
  ),
  cloudMutant(
    "S03",
    "images that nobody scans",
    engine,
    ["imageScanningConfiguration"],
    undefined,
    "imageScanningConfiguration.scanOnPush",
  ),
  cloudMutant("S03", "images under a key of the provider", engine, [encryption], [], encryption),
  cloudMutant("S03", "images under an unknown key", engine, [encryption], unknown, encryption),
  cloudMutant(
    "S03",
    "images under AES256",
    engine,
    [encryption, 0, "encryptionType"],
    "AES256",
    `${encryption}[0].encryptionType`,
  ),
  cloudMutant(
    "S03",
    "images under AWS' own KMS key",
    engine,
    [encryption, 0, "kmsKey"],
    "alias/aws/ecr",
    `${encryption}[0].kmsKey`,
  ),
  ...[
    "ecr/repositoryPolicy:RepositoryPolicy",
    "ecr/registryPolicy:RegistryPolicy",
    "ecr/replicationConfiguration:ReplicationConfiguration",
    "ecr/repositoryCreationTemplate:RepositoryCreationTemplate",
    "ecr/pullThroughCacheRule:PullThroughCacheRule",
    "ecrpublic/repository:Repository",
  ].map((type) => cloudAdded("S03", `images by ${type}`, aws(type, "more", {}))),
];
