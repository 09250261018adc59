import { z } from "zod";
import { type Reading, read, unreadable } from "../reading.ts";

/** Local NVMe of a host, bytes. */
export interface NvmeDisks {
  readonly disks: number;
  readonly totalBytes: number;
  /** File systems that lie on them. */
  readonly fileSystems: readonly { readonly mountPoint: string; readonly freeBytes: number }[];
}

// Older versions write numbers as text.
const bytes = z.union([z.int().nonnegative(), z.string().regex(/^\d+$/).transform(Number)]);

const device = z.object({
  name: z.string(),
  type: z.string(),
  size: bytes,
  tran: z.string().nullable().optional(),
  fsavail: bytes.nullable(),
  mountpoint: z.string().nullable(),
  get children() {
    return z.array(device).optional();
  },
});
type Device = z.infer<typeof device>;

const listing = z.object({ blockdevices: z.array(device) });

/** `lsblk --json --bytes`. */
export function readDisks(text: string): Reading<NvmeDisks> {
  const parsed = listing.safeParse(jsonOf(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return unreadable(`is not what lsblk writes: ${issue?.path.join(".")}: ${issue?.message}`);
  }
  const disks = parsed.data.blockdevices.filter(
    ({ type, tran }) => type === "disk" && tran === "nvme",
  );
  // An array of several disks stands below each of them.
  const below = new Map(disks.flatMap(withChildren).map((each) => [each.name, each]));
  return read({
    disks: disks.length,
    totalBytes: disks.reduce((sum, { size }) => sum + size, 0),
    fileSystems: [...below.values()].flatMap(({ mountpoint, fsavail }) =>
      mountpoint === null || fsavail === null
        ? []
        : [{ mountPoint: mountpoint, freeBytes: fsavail }],
    ),
  });
}

function withChildren(parent: Device): Device[] {
  return [parent, ...(parent.children ?? []).flatMap(withChildren)];
}

export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
