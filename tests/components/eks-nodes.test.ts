import test from "ava";
import { clusterArgs, clusterProgram, gpuPool, ofType, one } from "./eks-fixture.ts";
import { deploy } from "./lib/deploy.ts";

test("GPU nodes run a pinned image with the driver, in one zone, in a fixed number", async (t) => {
  const { inputs } = one(await deploy(clusterProgram()), "NodeGroup", "staging-p4de");
  t.like(inputs, {
    clusterName: "staging",
    amiType: "AL2023_x86_64_NVIDIA",
    releaseVersion: "1.36.1-20261105",
    subnetIds: ["staging-private-us-east-1b-id"],
    scalingConfig: { minSize: 2, maxSize: 2, desiredSize: 2 },
    nodeRepairConfig: { enabled: false },
    labels: { "private-llm/pool": "gpu" },
    taints: [{ key: "nvidia.com/gpu", effect: "NO_SCHEDULE" }],
  });
});

test("node repair is on where it is asked for, with the agent that reports broken GPUs", async (t) => {
  const addonVersions = { ...clusterArgs.addonVersions, nodeMonitoringAgent: "v1.4.0-eksbuild.2" };
  const gpuPools = [{ ...gpuPool, nodeRepair: true }];
  const deployment = await deploy(clusterProgram({ addonVersions, gpuPools }));
  t.like(one(deployment, "Addon", "staging-eks-node-monitoring-agent").inputs, {
    addonVersion: "v1.4.0-eksbuild.2",
  });
  t.like(one(deployment, "NodeGroup", "staging-p4de").inputs, {
    nodeRepairConfig: { enabled: true },
  });
});

test("system nodes run in every zone without taint", async (t) => {
  const { inputs } = one(await deploy(clusterProgram()), "NodeGroup", "staging-system");
  t.like(inputs, {
    amiType: "AL2023_x86_64_STANDARD",
    subnetIds: ["staging-private-us-east-1a-id", "staging-private-us-east-1b-id"],
    labels: { "private-llm/pool": "system" },
  });
  t.is(inputs["taints"], undefined);
});

test("every node hides its metadata from pods and encrypts its disk with the own key", async (t) => {
  const templates = ofType(await deploy(clusterProgram()), "LaunchTemplate");
  t.deepEqual(
    templates.map(({ name, inputs }) => [name, inputs["instanceType"]]),
    [
      ["staging-p4de", "p4de.24xlarge"],
      ["staging-system", "m7i.xlarge"],
    ],
  );
  for (const { inputs, dependencies } of templates) {
    t.like(inputs, {
      metadataOptions: {
        httpEndpoint: "enabled",
        httpTokens: "required",
        httpPutResponseHopLimit: 1,
      },
      blockDeviceMappings: [
        { deviceName: "/dev/xvda", ebs: { volumeType: "gp3", encrypted: "true" } },
      ],
    });
    t.true(dependencies.includes("aws:kms/key:Key::staging-data"));
  }
});

test("nodes carry the closed security group, so EKS does not attach its open one", async (t) => {
  for (const { inputs } of ofType(await deploy(clusterProgram()), "LaunchTemplate")) {
    t.deepEqual(inputs["vpcSecurityGroupIds"], ["staging-nodes-id"]);
  }
});

test("GPU nodes join their NVMe disks before the kubelet starts", async (t) => {
  const deployment = await deploy(clusterProgram());
  const userData = one(deployment, "LaunchTemplate", "staging-p4de").inputs["userData"];
  t.is(
    Buffer.from(String(userData), "base64").toString(),
    [
      "MIME-Version: 1.0",
      'Content-Type: multipart/mixed; boundary="node-config"',
      "",
      "--node-config",
      "Content-Type: application/node.eks.aws",
      "",
      "apiVersion: node.eks.aws/v1alpha1",
      "kind: NodeConfig",
      "spec:",
      "  instance:",
      "    localStorage:",
      "      strategy: RAID0",
      "",
      "--node-config--",
      "",
    ].join("\n"),
  );
  t.is(one(deployment, "LaunchTemplate", "staging-system").inputs["userData"], undefined);
});

test("nodes wait for their network, their rights and their endpoints", async (t) => {
  const groups = ofType(await deploy(clusterProgram()), "NodeGroup");
  t.is(groups.length, 2);
  for (const { dependencies } of groups) {
    for (const needed of [
      "aws:eks/addon:Addon::staging-vpc-cni",
      "aws:eks/addon:Addon::staging-kube-proxy",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment::staging-node-AmazonEKS_CNI_Policy",
      "aws:ec2/vpcEndpoint:VpcEndpoint::staging-ecr.dkr",
      "aws:ec2/vpcEndpoint:VpcEndpoint::staging-s3",
    ]) {
      t.true(dependencies.includes(needed), needed);
    }
  }
});
