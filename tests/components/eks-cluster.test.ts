import test from "ava";
import { clusterArgs, clusterProgram, gpuPool, json, ofType, one } from "./eks-fixture.ts";
import { type Deployment, deploy } from "./lib/deploy.ts";

test("the API endpoint is private and every control-plane log is on", async (t) => {
  const { inputs } = one(await deploy(clusterProgram()), "Cluster");
  t.like(inputs, {
    name: "staging",
    version: "1.36",
    vpcConfig: {
      endpointPrivateAccess: true,
      endpointPublicAccess: false,
      securityGroupIds: ["staging-control-plane-id"],
    },
    kubernetesNetworkConfig: { serviceIpv4Cidr: "172.20.0.0/16" },
    enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
  });
});

test("Secrets are encrypted with a key of their own that rotates", async (t) => {
  const deployment = await deploy(clusterProgram());
  const cluster = one(deployment, "Cluster");
  t.like(cluster.inputs, { encryptionConfig: { resources: ["secrets"] } });
  t.true(cluster.dependencies.includes("aws:kms/key:Key::staging-secrets"));
  t.deepEqual(
    ofType(deployment, "Key").map(({ name, inputs }) => [name, inputs["enableKeyRotation"]]),
    [
      ["staging-data", true],
      ["staging-secrets", true],
    ],
  );
});

test("cluster and keys outlive a mistake, and nothing else is protected", async (t) => {
  const { resources } = await deploy(clusterProgram());
  const kept = resources.filter(({ protect }) => protect);
  t.deepEqual(
    kept.map(({ type, name }) => `${type} ${name}`),
    [
      "aws:eks/cluster:Cluster staging",
      "aws:kms/key:Key staging-data",
      "aws:kms/key:Key staging-secrets",
    ],
  );
  t.true(kept.every(({ retainOnDelete }) => retainOnDelete));
});

test("only the named principals get in", async (t) => {
  const deployment = await deploy(clusterProgram());
  t.like(one(deployment, "Cluster").inputs, {
    accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
  });
  const principal = {
    clusterName: "staging",
    principalArn: "arn:aws:iam::123456789012:role/platform/admin",
  };
  const name = "staging-admin-123456789012-role-platform-admin";
  t.like(one(deployment, "AccessEntry", name).inputs, principal);
  t.like(one(deployment, "AccessPolicyAssociation", name).inputs, {
    ...principal,
    policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
    accessScope: { type: "cluster" },
  });
});

test("the CNI enforces network policies strictly and add-ons have pinned versions", async (t) => {
  const addons = ofType(await deploy(clusterProgram()), "Addon").map(({ inputs }) => inputs);
  t.deepEqual(
    addons.map(({ addonName, addonVersion }) => [addonName, addonVersion]),
    [
      ["eks-pod-identity-agent", "v1.3.10-eksbuild.2"],
      ["kube-proxy", "v1.36.0-eksbuild.2"],
      ["vpc-cni", "v1.21.1-eksbuild.1"],
    ],
  );
  t.deepEqual(json(addons[2]?.["configurationValues"]), {
    enableNetworkPolicy: "true",
    env: { NETWORK_POLICY_ENFORCING_MODE: "strict" },
  });
});

test("nodes and control plane have the policies that AWS maintains for them", async (t) => {
  const attached = ofType(await deploy(clusterProgram()), "RolePolicyAttachment");
  t.deepEqual(
    attached.map(({ inputs }) => inputs["policyArn"]),
    [
      "AmazonEKSClusterPolicy",
      "AmazonEC2ContainerRegistryPullOnly",
      "AmazonEKSWorkerNodePolicy",
      "AmazonEKS_CNI_Policy",
    ].map((policy) => `arn:aws:iam::aws:policy/${policy}`),
  );
});

test("everything hangs on the component and uses its provider", async (t) => {
  const { resources } = await deploy(clusterProgram());
  const parents = new Set([
    "llm:cluster:EksCluster::staging",
    "llm:cluster:GpuNodePool::staging-p4de",
  ]);
  for (const { type, name, parent, provider } of resources) {
    if (!type.startsWith("aws:")) continue;
    t.true(parents.has(parent ?? "nothing"), name);
    t.is(provider, "pulumi:providers:aws::aws", name);
  }
});

test("the kubeconfig is secret, holds no credential and asks AWS for one", async (t) => {
  const { outputs } = await deploy(clusterProgram());
  t.like(outputs, { clusterName: "staging", vpcId: "staging-vpc-id" });
  const { kubeconfig } = outputs;
  const text = typeof kubeconfig === "object" && kubeconfig !== null && "secret" in kubeconfig;
  t.true(text);
  t.like(json(text ? kubeconfig.secret : undefined), {
    "current-context": "staging",
    users: [
      {
        name: "staging",
        user: {
          exec: {
            command: "aws",
            args: [
              "--region",
              "us-east-1",
              "eks",
              "get-token",
              "--cluster-name",
              "staging",
              "--output",
              "json",
            ],
          },
        },
      },
    ],
  });
});

function identities({ resources }: Deployment) {
  return resources.map(({ type, name, parent }) => [type, name, parent]);
}

test("a first preview, in which no output is known, registers the same resources", async (t) => {
  const preview = await deploy(clusterProgram(), { preview: true });
  t.deepEqual(identities(preview), identities(await deploy(clusterProgram())));
  t.is(one(preview, "VpcEndpoint", "staging-s3").inputs["vpcId"], "(unknown)");
  t.deepEqual(preview.outputs["kubeconfig"], { secret: "(unknown)" });
});

test("what policies read is known in a first preview", async (t) => {
  const preview = await deploy(clusterProgram(), { preview: true });
  const decided = [
    one(preview, "Addon", "staging-vpc-cni").inputs["configurationValues"],
    one(preview, "Cluster").inputs["enabledClusterLogTypes"],
    ...ofType(preview, "VpcEndpoint").flatMap(({ inputs }) => [
      inputs["policy"],
      inputs["serviceName"],
    ]),
    ...ofType(preview, "Subnet").map(({ inputs }) => inputs["cidrBlock"]),
    ...ofType(preview, "LaunchTemplate").map(({ inputs }) => inputs["metadataOptions"]),
    ...ofType(preview, "Key").map(({ inputs }) => inputs["policy"]),
  ];
  t.false(JSON.stringify(decided).includes("(unknown)"));
});

test("a cluster with faults is refused before any resource, with all of them", async (t) => {
  const change = {
    serviceCidr: "10.40.0.0/20",
    adminPrincipals: [],
    gpuPools: [{ ...gpuPool, zone: "us-east-1c" }],
  };
  await t.throwsAsync(deploy(clusterProgram({ ...clusterArgs, ...change })), {
    message: [
      'EksCluster "staging" cannot be built:',
      "- serviceCidr 10.40.0.0/20 overlaps vpcCidr 10.40.0.0/16; choose ranges without a common address",
      "- adminPrincipals is empty; name at least one IAM role, or nobody can reach the cluster",
      '- gpuPools "p4de": zone "us-east-1c" is not among zones [us-east-1a, us-east-1b]',
    ].join("\n"),
  });
});
