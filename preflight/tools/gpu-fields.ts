/** Fields asked of `nvidia-smi --query-gpu`, in this order. No serial number and no UUID: recordings are passed on. */
export const gpuFields = [
  "index",
  "name",
  "driver_version",
  "persistence_mode",
  "mig.mode.current",
  "ecc.mode.current",
  "ecc.errors.uncorrected.volatile.total",
  "fabric.state",
  "fabric.status",
] as const;

export type GpuField = (typeof gpuFields)[number];

/** Fields asked of `nvidia-smi --query-remapped-rows`, in this order. */
export const remappedFields = [
  "gpu_bus_id",
  "remapped_rows.uncorrectable",
  "remapped_rows.pending",
  "remapped_rows.failure",
] as const;
