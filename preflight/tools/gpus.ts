import { all, andThen, quoted, type Reading, read, unreadable } from "../reading.ts";
import { csvRows } from "./csv.ts";
import { type GpuField, gpuFields, remappedFields } from "./gpu-fields.ts";

/** One GPU as its driver reports it. */
export interface GpuState {
  readonly index: number;
  /** Such as `NVIDIA A100-SXM4-80GB`. */
  readonly name: string;
  readonly driver: string;
  readonly persistent: boolean;
  /** `undefined`: this GPU cannot be cut. */
  readonly mig: boolean | undefined;
  readonly ecc: boolean;
  /** Errors since the driver was loaded. */
  readonly uncorrectedErrors: number;
  /** As the driver says it, such as `Completed`; a driver or GPU without the notion says `[N/A]`. */
  readonly fabric: { readonly state: string; readonly status: string };
}

export function readGpus(text: string): Reading<readonly GpuState[]> {
  return andThen(csvRows(text, gpuFields), (rows) => all(rows.map(gpuOf)));
}

function gpuOf(row: Readonly<Record<GpuField, string>>): Reading<GpuState> {
  const index = Number(row.index);
  const errors = Number(row["ecc.errors.uncorrected.volatile.total"]);
  const persistent = enabled(row.persistence_mode);
  const ecc = enabled(row["ecc.mode.current"]);
  const mig = enabled(row["mig.mode.current"]);
  const noMig = /^\[(?:N\/A|Not Supported)\]$/.test(row["mig.mode.current"]);
  const gaps = [
    ...(Number.isInteger(index) ? [] : ["index"]),
    ...(Number.isInteger(errors) ? [] : ["ecc.errors.uncorrected.volatile.total"]),
    ...(/^\d+(?:\.\d+)+$/.test(row.driver_version) ? [] : ["driver_version"]),
    ...(persistent === undefined ? ["persistence_mode"] : []),
    ...(ecc === undefined ? ["ecc.mode.current"] : []),
    ...(mig === undefined && !noMig ? ["mig.mode.current"] : []),
  ];
  if (gaps.length > 0 || persistent === undefined || ecc === undefined) {
    return unreadable(`says nothing usable of GPU ${row.index} in ${gaps.join(", ")}`);
  }
  return read({
    index,
    name: row.name,
    driver: row.driver_version,
    persistent,
    mig,
    ecc,
    uncorrectedErrors: errors,
    fabric: { state: row["fabric.state"], status: row["fabric.status"] },
  });
}

function enabled(text: string): boolean | undefined {
  if (text === "Enabled") return true;
  return text === "Disabled" ? false : undefined;
}

/** Rows of memory that a GPU has given up, or should have. */
export interface RemappedRows {
  readonly busId: string;
  readonly uncorrectable: number;
  /** Waits for a reset. */
  readonly pending: boolean;
  readonly failure: boolean;
}

export function readRemappedRows(text: string): Reading<readonly RemappedRows[]> {
  return andThen(csvRows(text, remappedFields), (rows) =>
    all(
      rows.map((row): Reading<RemappedRows> => {
        const uncorrectable = Number(row["remapped_rows.uncorrectable"]);
        const pending = yes(row["remapped_rows.pending"]);
        const failure = yes(row["remapped_rows.failure"]);
        if (!Number.isInteger(uncorrectable) || pending === undefined || failure === undefined) {
          return unreadable(`says nothing usable in ${quoted(Object.values(row).join(", "))}`);
        }
        return read({ busId: row.gpu_bus_id, uncorrectable, pending, failure });
      }),
    ),
  );
}

function yes(text: string): boolean | undefined {
  if (/^(?:0|No)$/.test(text)) return false;
  return /^(?:1|Yes)$/.test(text) ? true : undefined;
}

/** CUDA version that the driver brings, of `nvidia-smi --version`. */
export function readCudaVersion(text: string): Reading<string> {
  const version = /^CUDA Version\s*:\s*(\d+\.\d+)$/im.exec(text)?.[1];
  return version === undefined ? unreadable("has no line CUDA Version") : read(version);
}
