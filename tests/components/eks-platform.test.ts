import { Provider as AwsProvider } from "@pulumi/aws/provider.js";
import * as k8s from "@pulumi/kubernetes";
import test from "ava";
import { ClusterDns } from "../../components/cluster/eks/cluster-dns.ts";
import { ExistingEksCluster } from "../../components/cluster/eks/existing-eks-cluster.ts";
import { json, one } from "./eks-fixture.ts";
import { deploy } from "./lib/deploy.ts";

function dns() {
  const aws = new AwsProvider("aws", { region: "us-east-1" });
  const kubernetes = new k8s.Provider("staging", {});
  const nodes = new k8s.core.v1.ConfigMap("nodes", {}, { provider: kubernetes });
  new ClusterDns(
    "dns",
    {
      clusterName: "staging",
      version: "v1.13.2-eksbuild.1",
      vpcCidr: "10.40.0.0/16",
      serviceCidr: "172.20.0.0/16",
      tags: {},
      waitFor: [nodes],
    },
    { providers: [aws, kubernetes] },
  );
}

test("cluster DNS is pinned and asks nobody outside the cluster", async (t) => {
  const { inputs } = one(await deploy(dns), "Addon");
  t.like(inputs, {
    clusterName: "staging",
    addonName: "coredns",
    addonVersion: "v1.13.2-eksbuild.1",
  });
  const configuration = json(inputs["configurationValues"]);
  t.regex(JSON.stringify(configuration), /kubernetes cluster\.local/);
  t.notRegex(JSON.stringify(configuration), /forward/);
});

test("cluster DNS starts only once nodes and its network policy exist", async (t) => {
  t.deepEqual(one(await deploy(dns), "Addon").dependencies, [
    "kubernetes:core/v1:ConfigMap::nodes",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy::dns",
  ]);
});

test("cluster DNS answers pods and reaches the API server alone", async (t) => {
  const { inputs, provider } = one(await deploy(dns), "NetworkPolicy");
  t.is(provider, "pulumi:providers:kubernetes::staging");
  t.deepEqual(inputs["spec"], {
    podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
    policyTypes: ["Ingress", "Egress"],
    ingress: [
      {
        from: [{ namespaceSelector: {} }],
        ports: [
          { protocol: "UDP", port: 53 },
          { protocol: "TCP", port: 53 },
        ],
      },
    ],
    egress: [
      {
        to: [{ ipBlock: { cidr: "10.40.0.0/16" } }, { ipBlock: { cidr: "172.20.0.0/16" } }],
        ports: [{ protocol: "TCP", port: 443 }],
      },
    ],
  });
});

test("a cluster of another stack is a GPU cluster made of arguments alone", async (t) => {
  const { resources, outputs } = await deploy(() => {
    const cluster = new ExistingEksCluster({
      provider: new k8s.Provider("staging", {}),
      network: {
        podCidr: "10.40.0.0/16",
        nodeCidr: "10.40.0.0/16",
        serviceCidr: "172.20.0.0/16",
        cni: "vpc-cni-strict",
      },
      storage: { weightsClass: "efs", metricsClass: "gp3" },
      nodes: { gpu: "a100-sxm-80gb", gpusPerNode: 8, count: 1 },
    });
    return { gpuNodes: cluster.gpuNodes };
  });
  t.deepEqual(
    resources.map(({ type }) => type),
    ["pulumi:providers:kubernetes"],
  );
  t.deepEqual(outputs["gpuNodes"], {
    gpu: "a100-sxm-80gb",
    gpusPerNode: 8,
    count: 1,
    selector: { "private-llm/pool": "gpu" },
    tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }],
    simulated: false,
  });
});
