import { program } from "../../../infra/index.ts";
import { type RecordedResource, record } from "../../../offline/recorder.ts";
import { readStackFile } from "../../../offline/stack-file.ts";
import { judge } from "../../../policies/judge.ts";
import { graphOf } from "../../../policies/model/graph.ts";
import type { Resource } from "../../../policies/model/resource.ts";
import { settingsFromStackConfig } from "../../../policies/settings/stack-settings.ts";
import { repository } from "../../support/repository-copy.ts";

/** What one variant changes in the stack file of `staging-cluster`. */
export interface Variant {
  readonly title: string;
  readonly cluster?: Readonly<Record<string, unknown>>;
  readonly pool?: Readonly<Record<string, unknown>>;
  readonly exceptions?: readonly object[];
}

const expires = "2027-01-31";
const owner = "network team";
const reason = "The VPC is the network team's: reviewed on 2026-11-20, docs/eks.md says what.";

const name = "private-llm-staging";

export const asItStands: Variant = { title: "p4de" };

export const variants: readonly Variant[] = [
  {
    title: "p4de with repositories for images and a bucket for weights",
    cluster: { imageRepositories: true, weightsBucket: { name: `${name}-weights` } },
  },
  {
    title: "p4d with EFA in a placement group",
    pool: { instanceType: "p4d.24xlarge", count: 2, efa: true, placementGroup: true },
  },
  {
    title: "p4de in a Capacity Block",
    pool: {
      count: 0,
      capacity: {
        kind: "capacity-block",
        reservationId: "cr-0123456789abcdef0",
        instances: 1,
        starts: "2026-12-01T11:30:00Z",
        ends: "2026-12-15T11:30:00Z",
      },
    },
  },
  {
    title: "p4de on Bottlerocket",
    pool: { amiType: "BOTTLEROCKET_x86_64_NVIDIA", releaseVersion: "1.50.0-0a1b2c3d" },
  },
  {
    title: "p4de in an existing VPC",
    cluster: { existingVpcId: "vpc-0123456789abcdef0" },
    exceptions: ["us-east-1a", "us-east-1b"].map((zone) => ({
      policy: "S04",
      object: `aws:ec2/subnet:Subnet cluster-private-${zone}`,
      path: "vpcId",
      reason,
      owner,
      expires,
    })),
  },
];

export interface ReadVariant {
  readonly resources: readonly RecordedResource[];
  /** What policies say of these resources, or of others in their place. */
  readonly judged: (resources: readonly Resource[]) => ReturnType<typeof judge>;
}

/** The graph of a variant as `check` reads it. Mock state is global: await one before the next. */
export async function readVariant({ cluster, pool, exceptions }: Variant): Promise<ReadVariant> {
  const file = await readStackFile(repository, "staging-cluster");
  const key = (each: string) => `${file.project}:${each}`;
  const { gpuPools, ...rest } = section(file.values[key("cluster")]);
  const pools = Array.isArray(gpuPools) ? gpuPools.map((each) => ({ ...each, ...pool })) : [];
  const changed = {
    [key("cluster")]: { ...rest, ...cluster, gpuPools: pools },
    [key("policies")]: { ...section(file.values[key("policies")]), exceptions: exceptions ?? [] },
  };
  const texts = Object.entries(changed).map(([each, value]) => [each, JSON.stringify(value)]);
  const { resources } = await record(program, {
    project: file.project,
    stack: file.stack,
    config: { ...file.config, ...Object.fromEntries(texts) },
    secretKeys: file.secretKeys,
  });
  const settings = settingsFromStackConfig({ ...file.values, ...changed });
  return { resources, judged: (each) => judge(graphOf(each), settings, "2026-11-24") };
}

function section(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
