import test from "ava";
import { graphOf } from "../../policies/model/graph.ts";
import type { Resource } from "../../policies/model/resource.ts";
import type { Settings } from "../../policies/model/settings.ts";
import { unknown, type ValueObject } from "../../policies/model/value.ts";
import { evaluate } from "../../policies/runner.ts";
import { strictSettings } from "../../policies/settings/strict-settings.ts";
import { aws, cloudSettings, goodCloud, policy, wall } from "./cloud-graph.ts";
import { goodResources, kube, resource, settings } from "./good-graph.ts";
import { covered, strict } from "./mutants/cni.ts";
import { digest } from "./mutants/mutant.ts";

/** Findings of one rule, as `object: path`. */
function found(rule: string, resources: readonly Resource[], told: Settings): readonly string[] {
  const { findings } = evaluate(graphOf(resources), told);
  return findings
    .filter((each) => each.policy === rule)
    .map((each) => `${each.object}: ${each.path}`);
}

const beside = (rule: string, ...more: readonly Resource[]) =>
  found(rule, [...goodResources, ...more], settings);
const inCloud = (rule: string, ...more: readonly Resource[]) =>
  found(rule, [...goodCloud, ...more], cloudSettings);

function file(text: string, key = "proxy.conf"): Resource {
  return kube("core/v1:ConfigMap", "file", "monitoring", { data: { [key]: text } });
}

test("under a strict plugin, pods that some policy selects pass", (t) => {
  t.deepEqual(found("E17", covered, strict), []);
});

test("pods in the network of their node need no policy", (t) => {
  const agent = kube("apps/v1:DaemonSet", "agent", "kube-system", {
    spec: { template: { metadata: {}, spec: { hostNetwork: true, containers: [] } } },
  });
  t.deepEqual(found("E17", [...covered, agent], strict), []);
});

test("a plugin that enforces nothing passes where containers are simulated", (t) => {
  const local: Settings = {
    ...settings,
    clusterKind: "local",
    network: {
      podCidr: "10.244.0.0/16",
      serviceCidr: "10.96.0.0/16",
      nodeCidr: "10.10.0.0/16",
      cni: "none",
    },
  };
  t.deepEqual(found("E17", goodResources, local), []);
});

test("input without a stack is not asked for its plugin", (t) => {
  t.deepEqual(found("E17", goodResources, strictSettings), []);
});

test("a cluster of EKS may run another plugin, if the stack declares it", (t) => {
  const cluster = goodCloud.filter(({ name, type }) => !type.endsWith(":Addon") || name !== "cni");
  const told: Settings = { ...cloudSettings, network: settings.network };
  t.deepEqual(found("E17", cluster, told), []);
});

test("labels of Prometheus' pods are those that its operator gives", (t) => {
  const allow = kube("networking.k8s.io/v1:NetworkPolicy", "p", "metrics", {
    spec: {
      podSelector: {
        matchExpressions: [
          { key: "app.kubernetes.io/name", operator: "In", values: ["prometheus"] },
        ],
      },
      policyTypes: ["Ingress"],
    },
  });
  const spec = { image: `registry.internal/llm/prometheus@${digest}` };
  const server = kube("monitoring.coreos.com/v1:Prometheus", "main", "metrics", { spec });
  t.deepEqual(found("E17", [...covered, server, allow], strict), []);
});

test("proxies that choose their destinations themselves pass", (t) => {
  const texts = [
    "location / {\n  proxy_pass http://backend$request_uri;\n}\n",
    "location / {\n  proxy_pass http://10.96.0.1:8000/v1/;\n}\n",
    "# no dynamic_forward_proxy here\nclusters: [{name: models, type: STRICT_DNS}]\n",
    "upgrade_configs: [{upgrade_type: websocket}]\n",
  ];
  for (const text of texts) t.deepEqual(beside("E19", file(text)), [], text);
  t.deepEqual(beside("E19", file("outboundTrafficPolicy: {mode: REGISTRY_ONLY}\n", "mesh")), []);
});

test("programs whose names only contain that of a relay pass", (t) => {
  const containers = [
    {
      name: "a",
      image: `registry.internal/llm/storage/seaweed@${digest}`,
      command: ["weed", "ssh"],
    },
    {
      name: "b",
      image: `registry.internal/llm/monitor@${digest}`,
      command: ["monitor", "--name=squid"],
    },
    {
      name: "c",
      image: `registry.internal/llm/kubectl@${digest}`,
      command: ["kubectl", "get", "pods"],
    },
  ];
  const pods = kube("apps/v1:Deployment", "tools", "monitoring", {
    spec: { template: { metadata: {}, spec: { containers } } },
  });
  t.deepEqual(beside("E19", pods), []);
});

test("a relay that the stack declares with its reason passes", (t) => {
  const containers = [{ name: "p", image: `registry.internal/llm/squid@${digest}` }];
  const proxy = kube("apps/v1:Deployment", "egress", "monitoring", {
    spec: { template: { metadata: {}, spec: { containers } } },
  });
  const trustedRelays = [
    { namespace: "monitoring", name: "egress", reason: "updates of the site" },
  ];
  const told = { ...settings, policies: { ...settings.policies, trustedRelays } };
  t.deepEqual(found("E19", [...goodResources, proxy], told), []);
  t.is(found("E19", [...goodResources, proxy], settings).length, 1);
});

test("an empty proxy variable, which turns one off, passes", (t) => {
  const container = {
    name: "proxy",
    image: `registry.internal/llm/proxy@${digest}`,
    env: [
      { name: "HTTPS_PROXY", value: "" },
      { name: "NO_PROXY", value: "*" },
    ],
  };
  const pod = kube("core/v1:Pod", "p", "gateway", { spec: { containers: [container] } });
  t.deepEqual(beside("E19", pod), []);
});

test("routes to other networks of the owner pass", (t) => {
  const routes: readonly ValueObject[] = [
    { destinationCidrBlock: "192.168.0.0/16", vpcPeeringConnectionId: unknown },
    { destinationIpv6CidrBlock: "fd00:1::/48", transitGatewayId: unknown },
    { destinationCidrBlock: "10.40.0.0/16", gatewayId: "local" },
    { destinationCidrBlock: "10.8.0.0/16", gatewayId: "vgw-1" },
  ];
  for (const route of routes) {
    t.deepEqual(inCloud("S04", aws("ec2/route:Route", "r", route)), [], JSON.stringify(route));
  }
});

test("what the provider fills in is no fault of the program", (t) => {
  const group = resource(
    "aws:ec2/securityGroup:SecurityGroup",
    "filled",
    { egress: unknown },
    { propertyDependencies: {} },
  );
  t.deepEqual(inCloud("S04", group), ["aws:ec2/securityGroup:SecurityGroup filled: egress"]);
  const rule = aws(
    "vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    "its",
    { securityGroupId: unknown, referencedSecurityGroupId: unknown, ipProtocol: "-1" },
    {
      securityGroupId: ["ec2/securityGroup:SecurityGroup::filled"],
      referencedSecurityGroupId: ["ec2/securityGroup:SecurityGroup::nodes"],
    },
  );
  t.deepEqual(inCloud("S04", group, rule), []);
});

test("ids that AWS has given are read as the resources that they name", (t) => {
  const group = aws("ec2/securityGroup:SecurityGroup", "known", { id: "sg-9", egress: [] });
  const template = aws("ec2/launchTemplate:LaunchTemplate", "second", {
    vpcSecurityGroupIds: ["sg-9"],
  });
  t.deepEqual(inCloud("S04", group, template), []);
});

test("policies of buckets and endpoints that name the owner pass", (t) => {
  const reader = {
    Effect: "Allow",
    Principal: { AWS: "arn:aws:iam::111122223333:role/loader" },
    Action: ["s3:GetObject"],
    Resource: "arn:aws:s3:::weights/*",
  };
  const policies = [
    policy(wall, reader),
    policy({ ...wall, Condition: { StringNotEqualsIfExists: { "aws:PrincipalOrgID": "o-1" } } }),
    policy({
      ...wall,
      Condition: {
        StringNotEquals: { "AWS:SourceVpce": ["vpce-1", "vpce-2"] },
        Bool: { "aws:ViaAWSService": "false" },
      },
    }),
  ];
  for (const text of policies) {
    const graph = goodCloud.map((each) =>
      each.type.endsWith(":BucketPolicy")
        ? { ...each, properties: { ...each.properties, policy: text } }
        : each,
    );
    t.deepEqual(found("S03", graph, cloudSettings), [], text);
  }
  const layers = policy({
    Effect: "Allow",
    Principal: "*",
    Action: "s3:GetObject",
    Resource: "arn:aws:s3:::prod-us-east-1-starport-layer-bucket/*",
  });
  const endpoint = aws("ec2/vpcEndpoint:VpcEndpoint", "second", {
    serviceName: "com.amazonaws.us-east-1.s3",
    policy: layers,
  });
  t.deepEqual(inCloud("S03", endpoint), []);
});

test("a chart in a folder needs no version", (t) => {
  const chart = resource("kubernetes:helm.sh/v4:Chart", "local", { chart: "./charts/site" });
  t.deepEqual(beside("O07", chart), []);
});

test("providers that keep no data anywhere, and listed regions of any cloud, pass", (t) => {
  const names = ["kubernetes", "random", "tls"];
  const providers = names.map((name) => resource(`pulumi:providers:${name}`, name, {}));
  const told: Settings = {
    ...cloudSettings,
    policies: { ...cloudSettings.policies, regions: ["us-east-1", "europe-west3", "westeurope"] },
  };
  const clouds = [
    resource("pulumi:providers:gcp", "g", { zone: "europe-west3-a" }),
    resource("gcp:storage/bucket:Bucket", "b", { location: "europe-west3" }),
    resource("pulumi:providers:azure-native", "a", {}),
    resource("azure-native:storage:StorageAccount", "s", { location: "West Europe" }),
  ];
  t.deepEqual(found("C03", [...goodCloud, ...providers, ...clouds], told), []);
});

test("tags that are called region name no place", (t) => {
  const key = aws("kms/key:Key", "tagged", { tags: { region: "the north" } });
  t.deepEqual(inCloud("C03", key), []);
});

test("an audit policy that logs metadata alone passes, in a file and as an object", (t) => {
  const rules = [
    { level: "None", users: ["system:kube-proxy"], verbs: ["watch"] },
    { level: "RequestResponse", resources: [{ group: "rbac.authorization.k8s.io" }] },
    { level: "RequestResponse", namespaces: ["web"] },
    { level: "Metadata" },
  ];
  const document = { apiVersion: "audit.k8s.io/v1", kind: "Policy", rules };
  t.deepEqual(beside("S06", file(JSON.stringify(document), "audit.json")), []);
  t.deepEqual(beside("S06", kube("audit.k8s.io/v1:Policy", "audit", undefined, { rules })), []);
});

test("another stack in a backend of one's own passes", (t) => {
  const reference = resource("pulumi:pulumi:StackReference", "organization/private-llm/cluster", {
    name: "organization/private-llm/cluster",
  });
  t.deepEqual(beside("S06", reference), []);
});
