import test from "ava";
import { chartLocation } from "../../components/lib/charts.ts";

const chart = {
  repository: "https://charts.example.org/nvidia",
  chart: "gpu-operator",
  version: "v26.7.0",
};

test("from upstream, a chart is named with its repository", (t) => {
  t.deepEqual(chartLocation(chart, { kind: "upstream" }), {
    chart: "gpu-operator",
    version: "v26.7.0",
    repositoryOpts: { repo: "https://charts.example.org/nvidia" },
  });
});

test("from a registry, a chart is one address and no upstream is named", (t) => {
  const url = "oci://registry.example.internal/charts";
  t.deepEqual(chartLocation(chart, { kind: "oci", url }), {
    chart: "oci://registry.example.internal/charts/gpu-operator",
    version: "v26.7.0",
  });
});

test("from a folder, a chart is its own subfolder and no upstream is named", (t) => {
  t.deepEqual(chartLocation(chart, { kind: "directory", path: "/srv/charts" }), {
    chart: "/srv/charts/gpu-operator",
    version: "v26.7.0",
  });
});
