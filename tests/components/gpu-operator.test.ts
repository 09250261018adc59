import * as k8s from "@pulumi/kubernetes";
import test from "ava";
import { GpuOperator, type GpuOperatorArgs } from "../../components/gpu-operator/gpu-operator.ts";
import {
  type DriverOwner,
  type GpuOperatorImages,
  gpuOperatorValues,
  operandImages,
} from "../../components/gpu-operator/values.ts";
import { mirroredImage, registryPath } from "../../components/lib/images.ts";
import { one } from "./eks-fixture.ts";
import { deploy } from "./lib/deploy.ts";
import { at, entries, text } from "./lib/look.ts";
import { pinned, publicImages, registry } from "./lib/pinned.ts";

const images: GpuOperatorImages = {
  gpuOperator: pinned("nvcr.io/nvidia/gpu-operator", "v26.7.0"),
  gpuDriver: pinned("nvcr.io/nvidia/driver", "595.91.07-ubuntu24.04"),
  gpuDriverManager: pinned("nvcr.io/nvidia/cloud-native/k8s-driver-manager", "v0.12.0"),
  containerToolkit: pinned("nvcr.io/nvidia/k8s/container-toolkit", "v1.20.0"),
  devicePlugin: pinned("nvcr.io/nvidia/k8s-device-plugin", "v0.20.0"),
  dcgmExporter: pinned("nvcr.io/nvidia/k8s/dcgm-exporter", "4.6.0-4.8.3-distroless"),
  migManager: pinned("nvcr.io/nvidia/cloud-native/k8s-mig-manager", "v0.15.0"),
  nodeFeatureDiscovery: pinned("registry.k8s.io/nfd/node-feature-discovery", "v0.19.0"),
};

const owners: readonly DriverOwner[] = ["image", "operator"];

const chart = {
  repository: "https://charts.example.org/nvidia",
  chart: "gpu-operator",
  version: "v26.7.0",
};

function program(change: Partial<GpuOperatorArgs> = {}) {
  return () => {
    const provider = new k8s.Provider("site", {});
    new GpuOperator(
      "gpu-operator",
      {
        namespace: "gpu-operator",
        chart,
        source: { kind: "upstream" },
        images,
        registry,
        driver: "operator",
        ...change,
      },
      { provider },
    );
  };
}

/** How the chart's templates join an image (`gpu-operator.fullimage` and the like). */
function byTemplate(image: unknown): string {
  return `${text(image, "repository")}/${text(image, "image")}:${text(image, "version")}`;
}

/** How the operator itself joins one (`ImagePath` of its API package). */
function byOperator(image: unknown): string {
  const version = text(image, "version");
  const mark = version.startsWith("sha256:") ? "@" : ":";
  return `${text(image, "repository")}/${text(image, "image")}${mark}${version}`;
}

/** Operands that the operator would deploy, by their keys in the values. */
function enabledOperands(driver: DriverOwner): (readonly [string, unknown])[] {
  const operands = entries(gpuOperatorValues(images, registry, driver)).filter(
    ([key, value]) =>
      key !== "operator" && at(value, "enabled") !== false && at(value, "image") !== undefined,
  );
  const manager = operands
    .filter(([key]) => key === "driver")
    .map(([, value]) => ["driver.manager", at(value, "manager")] as const);
  return [...operands, ...manager].filter(([key]) => key !== "node-feature-discovery");
}

test("the operator is a chart, under the component and through its provider", async (t) => {
  const release = one(await deploy(program()), "Chart");
  t.is(release.type, "kubernetes:helm.sh/v4:Chart");
  t.is(release.parent, "llm:gpu:GpuOperator::gpu-operator");
  t.like(release.inputs, {
    namespace: "gpu-operator",
    chart: "gpu-operator",
    version: "v26.7.0",
    repositoryOpts: { repo: "https://charts.example.org/nvidia" },
  });
});

test("the chart gets the values of the driver's owner", async (t) => {
  for (const driver of owners) {
    const { inputs } = one(await deploy(program({ driver })), "Chart");
    t.deepEqual(inputs["values"], gpuOperatorValues(images, registry, driver));
  }
});

test("where the node image brings the driver, the operator brings neither driver nor toolkit", (t) => {
  const values = gpuOperatorValues(images, registry, "image");
  t.false(values.driver.enabled);
  t.false(values.toolkit.enabled);
});

test("where the operator owns the driver, it brings driver and toolkit", (t) => {
  const values = gpuOperatorValues(images, registry, "operator");
  t.true(values.driver.enabled);
  t.true(values.toolkit.enabled);
});

test("nothing upgrades by itself: no driver under running pods, no definitions by a hook", (t) => {
  const values = gpuOperatorValues(images, registry, "operator");
  t.deepEqual(values.driver.upgradePolicy, { autoUpgrade: false });
  t.false(values.operator.upgradeCRD);
});

test("the driver container installs packages from the given sources alone", async (t) => {
  const packageSources = { "site.list": "deb https://packages.example.internal/ubuntu noble main" };
  const deployment = await deploy(program({ packageSources }));
  const map = one(deployment, "ConfigMap");
  t.deepEqual(map.inputs["metadata"], {
    name: "driver-package-sources",
    namespace: "gpu-operator",
  });
  t.deepEqual(map.inputs["data"], packageSources);
  const release = one(deployment, "Chart");
  t.is(
    at(release.inputs, "values", "driver", "repoConfig", "configMapName"),
    "driver-package-sources",
  );
  t.true(
    release.dependencies.includes("kubernetes:core/v1:ConfigMap::gpu-operator-package-sources"),
  );
});

test("without package sources the chart is told of none", (t) => {
  t.false("repoConfig" in gpuOperatorValues(images, registry, "operator").driver);
});

test("no value of the chart leads to a public registry", (t) => {
  for (const driver of owners) {
    const values = gpuOperatorValues(images, registry, driver);
    t.deepEqual(publicImages(values, registryPath(registry)), []);
  }
});

test("a value that leads to a public registry would be noticed", (t) => {
  const values = { toolkit: { repository: "nvcr.io/nvidia/k8s" }, args: ["--base=quay.io/thanos"] };
  t.deepEqual(publicImages(values, registryPath(registry)), [
    "values.toolkit.repository",
    "values.args.0",
  ]);
});

test("images that the chart's templates join are pinned by digest", (t) => {
  const { operator, validator, driver } = gpuOperatorValues(images, registry, "operator");
  t.is(byTemplate(operator), mirroredImage(images.gpuOperator, registry));
  // Both read the validator's image: a variable of the operator's pod, and the operator itself.
  t.is(byTemplate(validator), mirroredImage(images.gpuOperator, registry));
  t.is(byTemplate(driver.manager), mirroredImage(images.gpuDriverManager, registry));
});

test("images that the operator joins are pinned by digest", (t) => {
  const values = gpuOperatorValues(images, registry, "operator");
  t.deepEqual(
    {
      validator: byOperator(values.validator),
      driver: byOperator(values.driver),
      manager: byOperator(values.driver.manager),
      toolkit: byOperator(values.toolkit),
      devicePlugin: byOperator(values.devicePlugin),
      gfd: byOperator(values.gfd),
      dcgmExporter: byOperator(values.dcgmExporter),
      migManager: byOperator(values.migManager),
    },
    {
      validator: mirroredImage(images.gpuOperator, registry),
      driver: mirroredImage(images.gpuDriver, registry),
      manager: mirroredImage(images.gpuDriverManager, registry),
      toolkit: mirroredImage(images.containerToolkit, registry),
      devicePlugin: mirroredImage(images.devicePlugin, registry),
      gfd: mirroredImage(images.devicePlugin, registry),
      dcgmExporter: mirroredImage(images.dcgmExporter, registry),
      migManager: mirroredImage(images.migManager, registry),
    },
  );
});

test("node feature discovery joins repository and tag to a digest", (t) => {
  const { image } = gpuOperatorValues(images, registry, "image")["node-feature-discovery"];
  t.is(`${image.repository}:${image.tag}`, mirroredImage(images.nodeFeatureDiscovery, registry));
});

for (const driver of owners) {
  test(`the bill of materials has every image that the operator deploys with the driver from ${driver}`, (t) => {
    const named = new Set(enabledOperands(driver).map(([, image]) => byOperator(image)));
    t.deepEqual(operandImages(images, registry, driver).toSorted(), [...named].toSorted());
    t.is(named.size, driver === "operator" ? 6 : 3);
  });
}

test("the component publishes what the operator will deploy, and where", async (t) => {
  const component = one(await deploy(program({ driver: "image" })), "GpuOperator");
  t.deepEqual(component.inputs, {
    namespace: "gpu-operator",
    chart,
    driver: "image",
    operandImages: operandImages(images, registry, "image"),
  });
});

test("a first preview sees the same chart", async (t) => {
  t.deepEqual(await deploy(program(), { preview: true }), await deploy(program()));
});
