import { drainToleration, gpuToleration } from "../lib/gpu-pool.ts";
import {
  mirroredImage,
  mirroredRepository,
  type PinnedImage,
  type Registry,
} from "../lib/images.ts";

/** Images of the operator and of what it deploys. */
export interface GpuOperatorImages {
  readonly gpuOperator: PinnedImage;
  readonly gpuDriver: PinnedImage;
  readonly gpuDriverManager: PinnedImage;
  readonly containerToolkit: PinnedImage;
  readonly devicePlugin: PinnedImage;
  readonly dcgmExporter: PinnedImage;
  readonly migManager: PinnedImage;
  readonly nodeFeatureDiscovery: PinnedImage;
}

/**
 * Who brings driver and container toolkit to the nodes. `image`: the node image carries both (EKS
 * NVIDIA images), and a second driver from the operator is the classic failure. `operator`: the
 * operator installs them (bare metal).
 */
export type DriverOwner = "image" | "operator";

/** An operand's image in the chart's own fields. */
interface OperandImage {
  readonly repository: string;
  readonly image: string;
  readonly version: string;
}

/**
 * On a node that is being emptied the driver has to outlive the engines that end there. The chart
 * replaces lists whole, so its own tolerations are stated again.
 */
const daemonTolerations = [gpuToleration, drainToleration] as const;
const controlPlane = {
  key: "node-role.kubernetes.io/control-plane",
  operator: "Equal",
  value: "",
  effect: "NoSchedule",
} as const;

/** ConfigMap with the package sources of the driver container. */
export const packageSourcesName = "driver-package-sources";

/**
 * The chart's values; keys read from values.yaml of gpu-operator v26.7.0. Only what differs from the
 * chart's defaults, and the image of everything that can run, since a default would name a public
 * registry.
 */
export function gpuOperatorValues(
  images: GpuOperatorImages,
  registry: Registry,
  driver: DriverOwner,
  ownPackages = false,
) {
  const operand = (image: PinnedImage) => operandImage(image, registry);
  const enabled = driver === "operator";
  return {
    operator: { ...templatedImage(images.gpuOperator, registry), upgradeCRD: false },
    // Read by a template and by the operator alike, so it takes the form that both join correctly.
    daemonsets: { tolerations: daemonTolerations },
    validator: templatedImage(images.gpuOperator, registry),
    driver: {
      enabled,
      ...operand(images.gpuDriver),
      manager: templatedImage(images.gpuDriverManager, registry),
      // An automatic driver upgrade evicts every GPU pod of a node.
      upgradePolicy: { autoUpgrade: false },
      // The container builds kernel modules, and would fetch what it needs from the distribution.
      ...(ownPackages ? { repoConfig: { configMapName: packageSourcesName } } : {}),
    },
    toolkit: { enabled, ...operand(images.containerToolkit) },
    devicePlugin: {
      ...operand(images.devicePlugin),
      env: [{ name: "MOFED_ENABLED", value: "false" }],
    },
    gfd: operand(images.devicePlugin),
    dcgmExporter: operand(images.dcgmExporter),
    migManager: { enabled: false, ...operand(images.migManager) },
    nodeStatusExporter: { enabled: false, ...operand(images.gpuOperator) },
    sandboxWorkloads: { enabled: false },
    vfioManager: { enabled: false },
    vgpuDeviceManager: { enabled: false },
    sandboxDevicePlugin: { enabled: false },
    kataSandboxDevicePlugin: { enabled: false },
    ccManager: { enabled: false },
    "node-feature-discovery": {
      image: nodeFeatureDiscoveryImage(images.nodeFeatureDiscovery, registry),
      worker: { tolerations: [controlPlane, ...daemonTolerations] },
    },
  };
}

/** Images that the operator deploys later and no object of the chart names, for the bill of materials. */
export function operandImages(
  images: GpuOperatorImages,
  registry: Registry,
  driver: DriverOwner,
): string[] {
  const always = [images.gpuOperator, images.devicePlugin, images.dcgmExporter];
  const installed = [images.gpuDriver, images.gpuDriverManager, images.containerToolkit];
  return [...always, ...(driver === "operator" ? installed : [])].map((image) =>
    mirroredImage(image, registry),
  );
}

/** The operator joins repository and image with `@` where the version is a digest. */
function operandImage(image: PinnedImage, registry: Registry): OperandImage {
  const { folder, base } = split(mirroredRepository(image, registry));
  return { repository: folder, image: base, version: image.digest };
}

/**
 * The chart's templates join image and version with `:`. Ending the image in `@sha256` makes that
 * colon the one inside a digest, so the reference still pins bytes; the operator joins it alike.
 */
function templatedImage(image: PinnedImage, registry: Registry): OperandImage {
  const { folder, base } = split(mirroredRepository(image, registry));
  return { repository: folder, image: `${base}@sha256`, version: hex(image) };
}

function nodeFeatureDiscoveryImage(image: PinnedImage, registry: Registry) {
  return { repository: `${mirroredRepository(image, registry)}@sha256`, tag: hex(image) };
}

function hex(image: PinnedImage): string {
  return image.digest.slice("sha256:".length);
}

function split(repository: string): { folder: string; base: string } {
  const cut = repository.lastIndexOf("/");
  return { folder: repository.slice(0, cut), base: repository.slice(cut + 1) };
}
