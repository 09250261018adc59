import test from "ava";
import { capacityNotices } from "../../infra/config/capacity-notices.ts";
import { clusterArgs, gpuPool } from "../components/eks-fixture.ts";

const addonVersions = { ...clusterArgs.addonVersions, coreDns: "v1.13.2-eksbuild.1" };

/** What a stack says of its Capacity Block on a day. */
function on(today: string, count = 1): readonly string[] {
  const capacity = {
    kind: "capacity-block",
    reservationId: "cr-0123456789abcdef0",
    instances: 1,
    starts: "2026-12-01T11:30:00Z",
    ends: "2026-12-15T11:30:00Z",
  };
  const gpuPools = [{ ...gpuPool, count, capacity }];
  const notices = capacityNotices({ kind: "eks", ...clusterArgs, addonVersions, gpuPools }, today);
  return notices.map((notice) =>
    notice.replace('gpuPools "p4de": Capacity Block cr-0123456789abcdef0 ', ""),
  );
}

test("before a block begins the day is told, and nodes that would not start", (t) => {
  t.deepEqual(on("2026-11-24", 0), [
    "begins 2026-12-01T11:30:00Z, in 7 days, and no node starts before",
  ]);
  t.deepEqual(on("2026-11-30"), [
    "begins 2026-12-01T11:30:00Z, in 1 day, and no node starts before; set count: 0 until then, or the deployment waits in vain",
  ]);
});

test("while a block runs the moment is told by which traffic must have moved", (t) => {
  const end = "EKS takes its nodes down from 2026-12-15T10:50:00Z on, so move traffic before";
  t.deepEqual(on("2026-12-01"), [`ends 2026-12-15T11:30:00Z, in 14 days; ${end}`]);
  t.deepEqual(on("2026-12-15", 0), [
    `ends 2026-12-15T11:30:00Z, in 0 days; ${end}. count is 0: set the nodes that shall run`,
  ]);
});

test("after its end a block is named until it is removed", (t) => {
  t.deepEqual(on("2026-12-16"), [
    "ended 2026-12-15T11:30:00Z, so none of its nodes are left; name the next block, or remove the pool",
  ]);
});

test("a cluster without a block, and one of another kind, say nothing", (t) => {
  t.deepEqual(capacityNotices({ kind: "eks", ...clusterArgs, addonVersions }, "2026-11-24"), []);
  t.deepEqual(capacityNotices({ kind: "local" }, "2026-11-24"), []);
});
