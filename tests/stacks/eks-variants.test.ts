import test from "ava";
import { stringify } from "yaml";
import type { RecordedResource } from "../../offline/recorder.ts";
import { unknown } from "../../policies/model/value.ts";
import { type Hole, torn } from "./support/cloud-changes.ts";
import { asItStands, readVariant, variants } from "./support/eks-variants.ts";
import { byUrn, line } from "./support/graph-lines.ts";

function texts(resources: readonly RecordedResource[]): ReadonlyMap<string, string> {
  return new Map(
    resources
      .toSorted(byUrn)
      .map((resource) => [resource.urn, stringify(line(resource), { lineWidth: 0 })]),
  );
}

const standing = texts((await readVariant(asItStands)).resources);

for (const variant of variants) {
  test(`${variant.title} differs from staging-cluster as was reviewed, and policies find it clean`, async (t) => {
    const { resources, judged } = await readVariant(variant);
    const own = texts(resources);
    const added = [...own].filter(([urn, text]) => standing.get(urn) !== text);
    const removed = [...standing.keys()].filter((urn) => !own.has(urn));
    t.snapshot([...added.map(([, text]) => text), "removed:", ...removed].join("\n"));
    const { findings, excepted, unusedExceptions, run, defined } = judged(resources);
    t.deepEqual(findings, []);
    t.is(excepted.length, variant.exceptions?.length ?? 0);
    t.deepEqual(unusedExceptions, []);
    t.is(run, defined);
  });
}

const anywhere = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: "*", Action: "*", Resource: "*" }],
});

const holes: readonly Hole[] = [
  {
    rule: "S01",
    title: "a disk without encryption",
    type: "ec2/launchTemplate:LaunchTemplate",
    path: ["blockDeviceMappings", 0, "ebs", "encrypted"],
    value: "false",
  },
  {
    rule: "S03",
    title: "an endpoint for everybody",
    type: "ec2/vpcEndpoint:VpcEndpoint",
    path: ["policy"],
    value: anywhere,
  },
  {
    rule: "S04",
    title: "a route to a NAT gateway",
    type: "ec2/routeTable:RouteTable",
    path: ["routes"],
    value: [{ cidrBlock: "0.0.0.0/0", natGatewayId: "nat-0123456789abcdef0" }],
  },
  {
    rule: "S04",
    title: "an egress rule to anywhere",
    type: "vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    path: ["cidrIpv4"],
    value: "0.0.0.0/0",
  },
  {
    rule: "S04",
    title: "nodes in a subnet of somebody else",
    type: "eks/nodeGroup:NodeGroup",
    path: ["subnetIds"],
    value: ["subnet-0123456789abcdef0"],
  },
  {
    rule: "S05",
    title: "a hop limit of 2",
    type: "ec2/launchTemplate:LaunchTemplate",
    path: ["metadataOptions", "httpPutResponseHopLimit"],
    value: 2,
  },
  {
    rule: "S06",
    title: "a public API endpoint",
    type: "eks/cluster:Cluster",
    path: ["vpcConfig", "endpointPublicAccess"],
    value: true,
  },
  {
    rule: "E17",
    title: "a network plugin in standard mode",
    type: "eks/addon:Addon",
    name: "cluster-vpc-cni",
    path: ["configurationValues"],
    value: '{"enableNetworkPolicy":"true"}',
  },
  {
    rule: "C03",
    title: "a subnet in another region",
    type: "ec2/subnet:Subnet",
    path: ["availabilityZone"],
    value: "eu-central-1a",
  },
];

for (const variant of [asItStands, ...variants]) {
  test(`${variant.title}: every hole in a wall turns its rule red`, async (t) => {
    const { resources, judged } = await readVariant(variant);
    for (const hole of holes) {
      const graphs = torn(resources, hole);
      t.true(graphs.length > 0, hole.title);
      for (const graph of graphs) {
        const red = judged(graph).findings.some(({ policy }) => policy === hole.rule);
        t.true(red, `${hole.rule} ${hole.title}`);
      }
    }
  });
}

test("a file system without encryption turns S02 red in every variant", async (t) => {
  for (const variant of variants) {
    const { resources, judged } = await readVariant(variant);
    const [first] = resources;
    if (first === undefined) throw new Error("the graph is empty");
    const open = {
      ...first,
      urn: `${first.urn}-files`,
      type: "aws:efs/fileSystem:FileSystem",
      name: "files",
      properties: { encrypted: false },
    };
    const { findings } = judged([...resources, open]);
    t.true(findings.some(({ policy }) => policy === "S02"));
  }
});

/** Resources of the first variant alone. */
const storageHoles: readonly Omit<Hole, "rule">[] = [
  {
    title: "public access",
    type: "s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    path: ["blockPublicPolicy"],
    value: false,
  },
  {
    title: "a key of the provider",
    type: "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    path: ["rules", 0, "applyServerSideEncryptionByDefault", "sseAlgorithm"],
    value: "AES256",
  },
  {
    title: "a wall that forgets the objects",
    type: "s3/bucketPolicy:BucketPolicy",
    path: ["policy", "Statement", 0, "Resource"],
    value: "arn:aws:s3:::private-llm-staging-weights",
  },
  {
    title: "a wall that names every endpoint",
    type: "s3/bucketPolicy:BucketPolicy",
    path: ["policy", "Statement", 0, "Condition"],
    value: { StringNotLike: { "aws:SourceVpce": "*" } },
  },
  {
    title: "a wall with an unknown pattern",
    type: "s3/bucketPolicy:BucketPolicy",
    path: ["policy", "Statement", 0, "Condition"],
    value: { StringNotLike: { "aws:SourceVpce": unknown } },
  },
  {
    title: "an unknown where no endpoint belongs",
    type: "s3/bucketPolicy:BucketPolicy",
    path: ["policy", "Statement", 0, "Condition"],
    value: { StringNotEquals: { "aws:PrincipalOrgID": unknown } },
  },
  {
    title: "tags that move",
    type: "ecr/repository:Repository",
    path: ["imageTagMutability"],
    value: "MUTABLE",
  },
  {
    title: "images that nobody scans",
    type: "ecr/repository:Repository",
    path: ["imageScanningConfiguration", "scanOnPush"],
    value: false,
  },
  {
    title: "images under a key of the provider",
    type: "ecr/repository:Repository",
    path: ["encryptionConfigurations"],
    value: undefined,
  },
];

for (const hole of storageHoles) {
  test(`repositories and bucket with ${hole.title} turn S03 red`, async (t) => {
    const [variant] = variants;
    if (variant === undefined) throw new Error("there are variants");
    const { resources, judged } = await readVariant(variant);
    const graphs = torn(resources, { ...hole, rule: "S03" });
    t.true(graphs.length > 0);
    for (const graph of graphs) {
      t.true(judged(graph).findings.some(({ policy }) => policy === "S03"));
    }
  });
}
