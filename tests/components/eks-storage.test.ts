import { Provider } from "@pulumi/aws/provider.js";
import test from "ava";
import { ImageRepositories } from "../../components/cluster/eks/image-repositories.ts";
import { WeightsBucket } from "../../components/cluster/eks/weights-bucket.ts";
import { imageRepositories, repositoryFaults } from "../../infra/config/image-repositories.ts";
import { ofType, one } from "./eks-fixture.ts";
import { deploy } from "./lib/deploy.ts";

const common = { accountId: "123456789012", tags: {} };

function program() {
  const opts = { provider: new Provider("aws", { region: "us-east-1" }) };
  const repositories = ["mirror/docker.io/vllm/vllm-openai", "mirror/private-llm/egress-probe"];
  const images = new ImageRepositories("images", { ...common, repositories }, opts);
  const args = { ...common, bucket: "acme-weights", endpointId: "vpce-1" };
  const weights = new WeightsBucket("weights", args, opts);
  return { urls: images.urls, bucket: weights.bucket };
}

test("every image has a repository whose tags stay, that is scanned and has the account's key", async (t) => {
  const deployment = await deploy(program);
  const repositories = ofType(deployment, "Repository");
  t.deepEqual(
    repositories.map(({ inputs }) => inputs["name"]),
    ["mirror/docker.io/vllm/vllm-openai", "mirror/private-llm/egress-probe"],
  );
  for (const { inputs, dependencies } of repositories) {
    t.like(inputs, {
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
    });
    t.true(dependencies.includes("aws:kms/key:Key::images"));
    // Images are not deleted together with their repository.
    t.is(inputs["forceDelete"], undefined);
  }
});

test("weights are versioned, encrypted with their own key, and closed to the public", async (t) => {
  const deployment = await deploy(program);
  t.like(one(deployment, "BucketVersioning").inputs, {
    versioningConfiguration: { status: "Enabled" },
  });
  const encryption = one(deployment, "BucketServerSideEncryptionConfiguration");
  t.true(encryption.dependencies.includes("aws:kms/key:Key::weights"));
  t.like(one(deployment, "BucketPublicAccessBlock").inputs, {
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  t.deepEqual(deployment.outputs["bucket"], "acme-weights");
});

test("weights pass one endpoint and TLS alone, and the bucket can still be configured", async (t) => {
  const { inputs } = one(await deploy(program), "BucketPolicy");
  const elsewhere = { StringNotEquals: { "aws:SourceVpce": "vpce-1" } };
  t.like(inputs["policy"], {
    Statement: {
      0: {
        Effect: "Deny",
        Action: "s3:*",
        Resource: "arn:aws:s3:::acme-weights/*",
        Condition: elsewhere,
      },
      1: { Effect: "Deny", Action: "s3:ListBucket*", Condition: elsewhere },
      2: {
        Effect: "Deny",
        Action: "s3:*",
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    },
  });
});

test("bucket and keys outlive a mistake", async (t) => {
  const { resources } = await deploy(program);
  const kept = resources.filter(({ protect, retainOnDelete }) => protect && retainOnDelete);
  t.deepEqual(
    kept.map(({ type, name }) => `${type} ${name}`),
    ["aws:kms/key:Key images", "aws:kms/key:Key weights", "aws:s3/bucket:Bucket weights"],
  );
});

test("repositories are those of the images that nodes pull, below the prefix", (t) => {
  const paths = imageRepositories({ host: "registry.example", prefix: "mirror" });
  t.true(paths.includes("mirror/docker.io/vllm/vllm-openai"));
  t.true(paths.every((path) => path.startsWith("mirror/")));
  t.is(new Set(paths).size, paths.length);
  t.true(imageRepositories({ host: "registry.example" }).includes("docker.io/vllm/vllm-openai"));
});

test("repositories of another account's registry are refused", (t) => {
  const cluster = { accountId: "123456789012", region: "us-east-1", imageRepositories: true };
  const own = "123456789012.dkr.ecr.us-east-1.amazonaws.com";
  t.deepEqual(repositoryFaults(cluster, { host: own }), []);
  t.deepEqual(repositoryFaults({ ...cluster, imageRepositories: false }, { host: "a.b" }), []);
  t.deepEqual(repositoryFaults(cluster, { host: "registry.example" }), [
    {
      path: ["cluster", "imageRepositories"],
      message: `true, but registry.host is registry.example; set it to ${own}, or leave imageRepositories out`,
    },
  ]);
});
