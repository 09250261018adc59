import test from "ava";
import type { CapacityBlock, GpuPoolArgs } from "../../components/cluster/eks/gpu-pool-args.ts";
import { gpuPoolFaults } from "../../components/cluster/eks/gpu-pool-faults.ts";
import { gpuNodeImages } from "../../components/cluster/eks/node-images.ts";
import { clusterArgs, clusterProgram, gpuPool, ofType, one } from "./eks-fixture.ts";
import { deploy } from "./lib/deploy.ts";
import { at } from "./lib/look.ts";

const reservationId = "cr-0123456789abcdef0";

const block: CapacityBlock = {
  kind: "capacity-block",
  reservationId,
  instances: 2,
  starts: "2026-12-01T11:30:00Z",
  ends: "2026-12-15T11:30:00Z",
};

/** The pool of the fixture with one change, deployed. */
async function pool(change: Partial<GpuPoolArgs>) {
  const deployment = await deploy(clusterProgram({ gpuPools: [{ ...gpuPool, ...change }] }));
  return {
    deployment,
    group: one(deployment, "NodeGroup", "staging-p4de").inputs,
    template: one(deployment, "LaunchTemplate", "staging-p4de").inputs,
  };
}

test("a pool with EFA has an interface on every card, all in the closed group, one of them with IP", async (t) => {
  const { template } = await pool({ instanceType: "p4d.24xlarge", efa: true });
  const interfaces = at(template, "networkInterfaces");
  t.deepEqual(
    interfaces,
    ["efa", "efa-only", "efa-only", "efa-only"].map((interfaceType, networkCardIndex) => ({
      networkCardIndex,
      deviceIndex: networkCardIndex === 0 ? 0 : 1,
      interfaceType,
      securityGroups: ["staging-nodes-id"],
      deleteOnTermination: "true",
    })),
  );
  // AWS takes groups in one place only.
  t.is(template["vpcSecurityGroupIds"], undefined);
});

test("a pool in a placement group is close together", async (t) => {
  const { deployment, template } = await pool({ placementGroup: true });
  t.like(one(deployment, "PlacementGroup").inputs, { strategy: "cluster" });
  t.true(
    one(deployment, "LaunchTemplate", "staging-p4de").dependencies.includes(
      "aws:ec2/placementGroup:PlacementGroup::staging-p4de",
    ),
  );
  t.true("placement" in template);
  t.is(ofType((await pool({})).deployment, "PlacementGroup").length, 0);
});

test("a pool with a capacity reservation runs only in it", async (t) => {
  const { group, template } = await pool({
    capacity: { kind: "on-demand-reservation", reservationId },
  });
  t.like(group, { capacityType: "ON_DEMAND" });
  t.like(template, {
    capacityReservationSpecification: {
      capacityReservationPreference: "capacity-reservations-only",
      capacityReservationTarget: { capacityReservationId: reservationId },
    },
  });
});

test("a pool in a Capacity Block is bought there, and may be taken down to none", async (t) => {
  const { group, template } = await pool({ capacity: block, count: 1 });
  t.like(group, {
    capacityType: "CAPACITY_BLOCK",
    subnetIds: ["staging-private-us-east-1b-id"],
    scalingConfig: { minSize: 0, maxSize: 2, desiredSize: 1 },
  });
  t.like(template, {
    instanceMarketOptions: { marketType: "capacity-block" },
    capacityReservationSpecification: {
      capacityReservationTarget: { capacityReservationId: reservationId },
    },
  });
});

test("bounds leave room for somebody else to scale", async (t) => {
  const { group } = await pool({ count: 2, minCount: 1, maxCount: 4 });
  t.like(group, { scalingConfig: { minSize: 1, maxSize: 4, desiredSize: 2 } });
});

test("Bottlerocket encrypts both its disks and joins the local ones", async (t) => {
  const { group, template } = await pool({
    amiType: "BOTTLEROCKET_x86_64_NVIDIA",
    releaseVersion: "1.50.0-0a1b2c3d",
  });
  t.is(group["amiType"], "BOTTLEROCKET_x86_64_NVIDIA");
  t.like(template["blockDeviceMappings"], {
    0: { deviceName: "/dev/xvdb", ebs: { encrypted: "true", volumeSize: 200 } },
    1: { deviceName: "/dev/xvda", ebs: { encrypted: "true", volumeSize: 4 } },
  });
  t.regex(
    Buffer.from(String(template["userData"]), "base64").toString(),
    /^\[settings\.bootstrap-commands\.local-storage\]\ncommands = .*"init".*"\/var\/lib\/containerd"/,
  );
});

/** Source: EKS user guide, managed node groups, 2026-11; there is no FIPS image with GPUs. */
test("the images are those of EKS with GPUs", (t) => {
  t.deepEqual(Object.keys(gpuNodeImages), ["AL2023_x86_64_NVIDIA", "BOTTLEROCKET_x86_64_NVIDIA"]);
});

const cases: readonly (readonly [string, Partial<GpuPoolArgs>, readonly string[]])[] = [
  ["a block before it begins", { capacity: block, count: 0 }, []],
  ["EFA and a placement group", { efa: true, placementGroup: true }, []],
  ["no node without a block", { count: 0 }, ["count 0 is not a whole number from 1"]],
  [
    "bounds around another number",
    { count: 2, minCount: 3, maxCount: 1 },
    [
      "minCount 3 is not a whole number from 0 to count 2",
      "maxCount 1 is not a whole number from count 2",
    ],
  ],
  [
    "more nodes than the block has",
    { capacity: block, count: 3 },
    ["maxCount 2 is not a whole number from count 3"],
  ],
  [
    "a bound above the block",
    { capacity: block, count: 1, maxCount: 3 },
    ["maxCount 3 is more than the 2 machines of the Capacity Block; lower count or maxCount"],
  ],
  [
    "a block in local time that ends before it begins",
    { capacity: { ...block, starts: "2026-12-01 11:30" }, count: 1 },
    [
      'capacity.starts "2026-12-01 11:30" is not a moment in UTC; write it as in 2026-12-01T11:30:00Z',
    ],
  ],
  [
    "a block that ends before it begins",
    { capacity: { ...block, ends: "2026-11-30T11:30:00Z" }, count: 1 },
    ["capacity.ends 2026-11-30T11:30:00Z is not after capacity.starts 2026-12-01T11:30:00Z"],
  ],
  [
    "EFA on a machine without",
    { instanceType: "g6e.4xlarge", efa: true },
    ["efa is true, but g6e.4xlarge has no EFA interface; remove efa or choose a larger machine"],
  ],
  [
    "a placement group made after the reservation",
    { placementGroup: true, capacity: { kind: "on-demand-reservation", reservationId } },
    [
      "placementGroup is true, but machines of a reservation lie where they were reserved; remove placementGroup, or reserve in a group of your own",
    ],
  ],
  [
    "an image release of the other system",
    { amiType: "BOTTLEROCKET_x86_64_NVIDIA" },
    [
      'releaseVersion "1.36.1-20261105z" is not an image release of BOTTLEROCKET_x86_64_NVIDIA; write it as in 1.50.0-0a1b2c3d',
    ],
  ],
  [
    "repair that nothing triggers",
    { nodeRepair: true },
    [
      "nodeRepair is true, but nothing on the nodes reports broken GPUs; set addonVersions.nodeMonitoringAgent",
    ],
  ],
];

for (const [title, change, faults] of cases) {
  test(`${title}: ${faults.length === 0 ? "accepted" : "refused"}`, (t) => {
    const release = change.amiType === undefined ? {} : { releaseVersion: "1.36.1-20261105z" };
    t.deepEqual(
      gpuPoolFaults({ ...gpuPool, ...release, ...change }, clusterArgs),
      faults.map((fault) => `gpuPools "p4de": ${fault}`),
    );
  });
}
