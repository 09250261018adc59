import { Repository } from "@pulumi/aws/ecr/repository.js";
import * as pulumi from "@pulumi/pulumi";
import { createAccountKey } from "./account-key.ts";

export interface ImageRepositoriesArgs {
  readonly accountId: string;
  /** Paths below the registry's host, such as `mirror/docker.io/vllm/vllm-openai`. */
  readonly repositories: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * A repository in ECR for each image that is mirrored, since ECR takes no push to one that does not exist. Tags
 * name the same bytes for ever, what is pushed is scanned, and one key of the account encrypts it all.
 */
export class ImageRepositories extends pulumi.ComponentResource {
  /** As `HOST/PATH`. */
  readonly urls: readonly pulumi.Output<string>[];

  constructor(name: string, args: ImageRepositoriesArgs, opts: pulumi.ComponentResourceOptions) {
    super("llm:cluster:ImageRepositories", name, args, opts);
    const child = { parent: this };
    const { accountId, tags } = args;
    const key = createAccountKey(name, { description: "container images", accountId, tags }, child);
    this.urls = args.repositories.map(
      (repository) =>
        new Repository(`${name}-${repository}`, imageRepository(repository, key.arn, tags), child)
          .repositoryUrl,
    );
    this.registerOutputs({ urls: this.urls });
  }
}

function imageRepository(
  repository: string,
  kmsKey: pulumi.Input<string>,
  tags: Readonly<Record<string, string>>,
) {
  return {
    name: repository,
    imageTagMutability: "IMMUTABLE",
    imageScanningConfiguration: { scanOnPush: true },
    encryptionConfigurations: [{ encryptionType: "KMS", kmsKey }],
    tags,
  };
}
