import test from "ava";
import { deployCluster } from "../../infra/cluster.ts";
import { parseStack } from "../../infra/config/parse.ts";
import { rawStack } from "../../infra/config/raw-stack.ts";
import { readStackFile } from "../../offline/stack-file.ts";
import { repository } from "../support/repository-copy.ts";
import { deploy } from "./lib/deploy.ts";

/** What a platform stack finds in the outputs of `staging-cluster` with some fields changed. */
async function outputs(change: Readonly<Record<string, unknown>>) {
  const { config, project } = await readStackFile(repository, "staging-cluster");
  const raw = rawStack(config, project);
  const cluster = Object.assign({}, raw["cluster"], change);
  const stack = parseStack({ ...raw, cluster }, project);
  if (stack.layer !== "cluster") throw new Error("staging-cluster is of layer cluster");
  return (await deploy(() => ({ ...deployCluster(stack) }))).outputs;
}

test("the platform finds where images go, the bucket of weights and the times of blocks", async (t) => {
  const capacity = {
    kind: "capacity-block",
    reservationId: "cr-0123456789abcdef0",
    instances: 1,
    starts: "2026-12-01T11:30:00Z",
    ends: "2026-12-15T11:30:00Z",
  };
  const pool = {
    name: "a100",
    instanceType: "p4de.24xlarge",
    zone: "us-east-1a",
    count: 0,
    releaseVersion: "1.36.1-20261105",
    rootVolumeGib: 300,
    capacity,
  };
  const found = await outputs({
    gpuPools: [pool],
    imageRepositories: true,
    weightsBucket: { name: "acme-weights" },
  });
  const { kind: _, instances: __, ...times } = capacity;
  t.like(found, { clusterName: "private-llm-staging", weightsBucket: "acme-weights" });
  t.deepEqual(found["capacityBlocks"], [
    { pool: "a100", ...times, nodesLeave: "2026-12-15T10:50:00Z" },
  ]);
  t.true(Array.isArray(found["imageRepositories"]) && found["imageRepositories"].length > 20);
});

test("what a stack does not make is not in its outputs", async (t) => {
  const found = await outputs({});
  t.deepEqual([found["capacityBlocks"], found["imageRepositories"]], [[], []]);
  t.false("weightsBucket" in found || "weightsKeyArn" in found);
});
