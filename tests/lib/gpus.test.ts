import test from "ava";
import { gpuFacts } from "../../components/lib/gpus.ts";
import { gpuInstanceTypes } from "../../components/lib/instance-types.ts";

for (const [name, gpu] of Object.entries(gpuFacts)) {
  test(`${name}: what is visible is less than what the driver reports, and that near what is sold`, (t) => {
    t.true(gpu.visibleGib < gpu.memoryMib / 1024);
    t.true(gpu.visibleGib > (0.94 * gpu.memoryMib) / 1024);
    const soldAs = (gpu.memoryMib * 2 ** 20) / 1e9 / gpu.memoryGb;
    t.true(soldAs > 0.98 && soldAs < 1.08, String(soldAs));
  });

  test(`${name}: eight bits are computed twice as fast as sixteen`, (t) => {
    const { bf16, int8, fp8 } = gpu.peak;
    t.true(Math.abs(int8 / bf16 - 2) < 0.03);
    t.true(fp8 === undefined || fp8 === int8);
  });

  test(`${name}: FP8 is native from capability 8.9 on`, (t) => {
    t.is(gpu.nativeFp8, Number(gpu.computeCapability) >= 8.9);
    t.is(gpu.peak.fp8 !== undefined, gpu.nativeFp8);
  });

  test(`${name}: the label is a value that Kubernetes takes`, (t) => {
    t.regex(gpu.product, /^NVIDIA-[A-Za-z0-9-]{1,56}$/);
  });
}

test("no two GPU models have one label", (t) => {
  const labels = Object.values(gpuFacts).map(({ product }) => product);
  t.is(new Set(labels).size, labels.length);
});

for (const [name, machine] of Object.entries(gpuInstanceTypes)) {
  test(`${name} has processors and memory for a model on all its GPUs, and a dated price`, (t) => {
    // What a pod asks for: docs/serving.md. A tenth is the system's own.
    t.true(machine.vcpus * 0.9 >= 6 * machine.gpus);
    t.true(machine.memoryGib * 0.9 >= 32 * machine.gpus + 25);
    t.true([1, 4, 8].includes(machine.gpus));
    t.true(machine.onDemand.usdPerHour > 0);
    t.regex(machine.onDemand.asOf, /^20\d\d-(0[1-9]|1[0-2])$/);
  });
}
