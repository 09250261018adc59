import test from "ava";
import { clusterProgram, json, ofType, one } from "./eks-fixture.ts";
import { deploy } from "./lib/deploy.ts";

test("there is no gateway, no NAT, no route and no public address", async (t) => {
  const deployment = await deploy(clusterProgram());
  const ways = /gateway|natgateway|:route$|eip|transit|peering|vpn|customergateway/i;
  t.deepEqual(
    deployment.resources.filter(({ type }) => ways.test(type)).map(({ type }) => type),
    [],
  );
  t.deepEqual(one(deployment, "RouteTable").inputs["routes"], []);
  for (const { inputs } of ofType(deployment, "Subnet")) t.false(inputs["mapPublicIpOnLaunch"]);
});

test("each zone has a private subnet whose place follows the zone's letter", async (t) => {
  const deployment = await deploy(clusterProgram({ zones: ["us-east-1d", "us-east-1b"] }));
  t.deepEqual(
    ofType(deployment, "Subnet").map(({ inputs }) => [
      inputs["availabilityZone"],
      inputs["cidrBlock"],
    ]),
    [
      ["us-east-1b", "10.40.16.0/20"],
      ["us-east-1d", "10.40.48.0/20"],
    ],
  );
  t.is(ofType(deployment, "RouteTableAssociation").length, 2);
});

test("the default security group permits nothing", async (t) => {
  const { inputs } = one(await deploy(clusterProgram()), "DefaultSecurityGroup");
  t.like(inputs, { vpcId: "staging-vpc-id", ingress: [], egress: [] });
});

test("nodes reach each other, the control plane and the endpoints, and nothing by address", async (t) => {
  const deployment = await deploy(clusterProgram());
  const from = (group: string) =>
    ofType(deployment, "SecurityGroupEgressRule")
      .filter(({ inputs }) => inputs["securityGroupId"] === `staging-${group}-id`)
      .map(({ inputs }) => {
        t.is(inputs["cidrIpv4"], undefined);
        t.is(inputs["cidrIpv6"], undefined);
        return [inputs["referencedSecurityGroupId"], inputs["fromPort"]];
      });
  t.deepEqual(from("nodes"), [
    ["staging-control-plane-id", 443],
    ["staging-endpoints-id", 443],
    ["staging-nodes-id", undefined],
    // S3, by prefix list.
    [undefined, 443],
  ]);
  t.deepEqual(
    from("control-plane"),
    [10250, 443, 4443, 6443, 8443, 9443].map((port) => ["staging-nodes-id", port]),
  );
  t.deepEqual(from("endpoints"), []);
});

test("security groups hold no rules of their own; one without listed egress says that it has none", async (t) => {
  for (const { name, inputs } of ofType(await deploy(clusterProgram()), "SecurityGroup")) {
    t.deepEqual(inputs["egress"], name.endsWith("-endpoints") ? [] : undefined);
    t.is(inputs["ingress"], undefined);
  }
});

test("the S3 rule of the nodes names the prefix list of the gateway endpoint", async (t) => {
  const preview = await deploy(clusterProgram(), { preview: true });
  const rule = one(preview, "SecurityGroupEgressRule", "staging-nodes-to-s3");
  t.is(rule.inputs["prefixListId"], "(unknown)");
  t.true(rule.dependencies.includes("aws:ec2/vpcEndpoint:VpcEndpoint::staging-s3"));
});

test("only the VPC and the named clients get an answer by address", async (t) => {
  const deployment = await deploy(clusterProgram({ apiClientCidrs: ["10.8.0.0/24"] }));
  const byAddress = ofType(deployment, "SecurityGroupIngressRule")
    .filter(({ inputs }) => inputs["cidrIpv4"] !== undefined)
    .map(({ inputs }) => [inputs["securityGroupId"], inputs["cidrIpv4"], inputs["fromPort"]]);
  t.deepEqual(byAddress, [
    ["staging-control-plane-id", "10.8.0.0/24", 443],
    ["staging-endpoints-id", "10.40.0.0/16", 443],
  ]);
});

test("every service that nodes call has an endpoint with a private name", async (t) => {
  const endpoints = ofType(await deploy(clusterProgram()), "VpcEndpoint");
  t.deepEqual(
    endpoints.map(({ inputs }) => inputs["serviceName"]),
    [
      "autoscaling",
      "ec2",
      "ecr.api",
      "ecr.dkr",
      "eks",
      "eks-auth",
      "elasticloadbalancing",
      "kms",
      "logs",
      "s3",
      "ssm",
      "sts",
    ].map((service) => `com.amazonaws.us-east-1.${service}`),
  );
  for (const { name, inputs } of endpoints) {
    if (name === "staging-s3") {
      t.like(inputs, { vpcEndpointType: "Gateway", routeTableIds: ["staging-private-id"] });
    } else {
      t.like(inputs, {
        vpcEndpointType: "Interface",
        privateDnsEnabled: true,
        subnetIds: ["staging-private-us-east-1a-id", "staging-private-us-east-1b-id"],
        securityGroupIds: ["staging-endpoints-id"],
      });
    }
  }
});

test("the S3 endpoint serves own buckets to own principals, and image layers for reading", async (t) => {
  const deployment = await deploy(clusterProgram({ organizationId: "o-a1b2c3d4e5" }));
  const { inputs } = one(deployment, "VpcEndpoint", "staging-s3");
  t.deepEqual(json(inputs["policy"]), {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "OwnBucketsOnly",
        Effect: "Allow",
        Principal: "*",
        Action: "s3:*",
        Resource: "*",
        Condition: {
          StringEquals: {
            "aws:ResourceOrgID": "o-a1b2c3d4e5",
            "aws:PrincipalOrgID": "o-a1b2c3d4e5",
          },
        },
      },
      {
        Sid: "ReadImageLayers",
        Effect: "Allow",
        Principal: "*",
        Action: "s3:GetObject",
        Resource: "arn:aws:s3:::prod-us-east-1-starport-layer-bucket/*",
      },
    ],
  });
});

test("every interface endpoint serves own principals only", async (t) => {
  const deployment = await deploy(clusterProgram({ organizationId: "o-a1b2c3d4e5" }));
  const endpoints = ofType(deployment, "VpcEndpoint");
  for (const { inputs } of endpoints.filter(({ name }) => name !== "staging-s3")) {
    t.like(json(inputs["policy"]), {
      Statement: [
        { Effect: "Allow", Condition: { StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } } },
      ],
    });
  }
});

test("without an organisation the endpoints serve the account alone", async (t) => {
  const { inputs } = one(await deploy(clusterProgram()), "VpcEndpoint", "staging-s3");
  t.like(json(inputs["policy"]), {
    Statement: [
      {
        Condition: {
          StringEquals: {
            "aws:ResourceAccount": "123456789012",
            "aws:PrincipalAccount": "123456789012",
          },
        },
      },
      { Sid: "ReadImageLayers" },
    ],
  });
});

test("every connection of the VPC is logged, encrypted", async (t) => {
  const deployment = await deploy(clusterProgram());
  t.like(one(deployment, "FlowLog").inputs, {
    vpcId: "staging-vpc-id",
    trafficType: "ALL",
    logDestinationType: "cloud-watch-logs",
  });
  t.like(one(deployment, "LogGroup", "staging-flow-logs").inputs, {
    name: "/aws/vpc/staging/flow",
    retentionInDays: 365,
  });
});

test("in an existing VPC the stack has subnets, routes and endpoints of its own, and logs those", async (t) => {
  const deployment = await deploy(clusterProgram({ existingVpcId: "vpc-0123456789abcdef0" }));
  t.is(ofType(deployment, "Vpc").length, 0);
  t.is(ofType(deployment, "DefaultSecurityGroup").length, 0);
  const placed = ["Subnet", "RouteTable", "SecurityGroup", "VpcEndpoint"].flatMap((type) =>
    ofType(deployment, type),
  );
  for (const { name, inputs } of placed) t.is(inputs["vpcId"], "vpc-0123456789abcdef0", name);
  t.deepEqual(
    ofType(deployment, "FlowLog").map(({ inputs }) => [inputs["vpcId"], inputs["subnetId"]]),
    [
      [undefined, "staging-private-us-east-1a-id"],
      [undefined, "staging-private-us-east-1b-id"],
    ],
  );
  t.is(ofType(deployment, "RouteTableAssociation").length, 2);
  t.is(deployment.outputs["vpcId"], "vpc-0123456789abcdef0");
});
