import { bottlerocketUserData, localStorageUserData } from "./user-data.ts";

/** How nodes of an image of EKS are set up. */
interface NodeImageFacts {
  /** Form of a release of it. */
  readonly release: RegExp;
  /** A release for the message, given the minor version of Kubernetes. */
  readonly example: (kubernetesVersion: string) => string;
  /** Whether the release begins with the version of Kubernetes. */
  readonly namesKubernetes: boolean;
  /** Disk with images and writable layers of containers. */
  readonly dataDevice: string;
  /** Disks beside it that the image brings, with their size. */
  readonly otherDevices: readonly { readonly deviceName: string; readonly gib: number }[];
  /** Base64; joins the local NVMe disks. */
  readonly userData: () => string;
}

/**
 * Images of EKS that bring driver, container toolkit and fabric manager; the release pins them all.
 * Bottlerocket's second disk and its bootstrap command as its documentation has them (read 2026-11); neither
 * image was booted for this.
 */
export const gpuNodeImages = {
  AL2023_x86_64_NVIDIA: {
    release: /^1\.\d+\.\d+-\d{8}$/,
    example: (kubernetesVersion) => `${kubernetesVersion}.1-20261105`,
    namesKubernetes: true,
    dataDevice: "/dev/xvda",
    otherDevices: [],
    userData: localStorageUserData,
  },
  BOTTLEROCKET_x86_64_NVIDIA: {
    release: /^1\.\d+\.\d+-[0-9a-f]{8}$/,
    example: () => "1.50.0-0a1b2c3d",
    namesKubernetes: false,
    dataDevice: "/dev/xvdb",
    // The system itself, read-only.
    otherDevices: [{ deviceName: "/dev/xvda", gib: 4 }],
    userData: bottlerocketUserData,
  },
} as const satisfies Readonly<Record<string, NodeImageFacts>>;

export type GpuNodeImage = keyof typeof gpuNodeImages;

/** @default for pools that name no image */
export const defaultGpuNodeImage: GpuNodeImage = "AL2023_x86_64_NVIDIA";
