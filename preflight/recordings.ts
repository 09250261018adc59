import { gpuFields, remappedFields } from "./tools/gpu-fields.ts";

/** What is recorded of a host: the file in its folder, and the command whose output the file holds. */
export interface RecordingSpec {
  readonly file: string;
  readonly command: string;
}

/**
 * Everything that preflight reads. `driver`: where the GPU driver is, which is its container where the
 * operator installs it. `host`: the host itself, as root. `nccl`: a container with nccl-tests on all GPUs.
 */
export const recordings = {
  gpus: {
    file: "gpus.csv",
    command: `nvidia-smi --query-gpu=${gpuFields.join(",")} --format=csv`,
    where: "driver",
  },
  remappedRows: {
    file: "remapped-rows.csv",
    command: `nvidia-smi --query-remapped-rows=${remappedFields.join(",")} --format=csv`,
    where: "driver",
  },
  version: { file: "version.txt", command: "nvidia-smi --version", where: "driver" },
  nvlink: { file: "nvlink.txt", command: "nvidia-smi nvlink -s", where: "driver" },
  topology: { file: "topology.txt", command: "nvidia-smi topo -m", where: "driver" },
  fabricManager: {
    file: "fabric-manager.txt",
    // The kernel cuts the names of processes after 15 characters; -f would find the shell that asks.
    command: "nv-fabricmanager --version; pgrep -x nv-fabricmanage >/dev/null && echo running",
    where: "driver",
  },
  pci: { file: "lspci.txt", command: "lspci -vvv", where: "host" },
  disks: {
    file: "lsblk.json",
    command: "lsblk --json --bytes --output NAME,TYPE,SIZE,TRAN,FSAVAIL,MOUNTPOINT",
    where: "host",
  },
  links: { file: "links.json", command: "ip -details -json link", where: "host" },
  clock: { file: "clock.csv", command: "chronyc -c tracking", where: "host" },
  swaps: { file: "swaps.txt", command: "cat /proc/swaps", where: "host" },
  corePattern: {
    file: "core-pattern.txt",
    command: "cat /proc/sys/kernel/core_pattern",
    where: "host",
  },
  nccl: {
    file: "nccl.txt",
    command: "all_reduce_perf -b 1M -e 8G -f 2 -g GPUS",
    where: "nccl",
  },
} as const satisfies Record<string, RecordingSpec & { readonly where: "driver" | "host" | "nccl" }>;

export type RecordingName = keyof typeof recordings;

/** Contents by recording; `undefined`: there is no such file. */
export type Recordings = Readonly<Partial<Record<RecordingName, string>>>;
