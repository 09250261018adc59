import {
  foldersOf,
  type Manifest,
  type ManifestFile,
} from "../../components/lib/weights/manifest.ts";
import type { Found } from "./found.ts";

export interface Fault {
  /** Relative to the folder of the checkpoint. */
  readonly path: string;
  readonly reason: string;
}

/** Every way in which a folder is not what its manifest says; empty: it is, to the last byte. */
export function judge(manifest: Manifest, found: readonly Found[]): readonly Fault[] {
  const byPath = new Map(found.map((entry) => [entry.path, entry]));
  const listed = new Set(manifest.files.map(({ path }) => path));
  const folders = new Set(manifest.files.flatMap(({ path }) => foldersOf(path)));
  const files = manifest.files.flatMap((file) =>
    reasons(fileFault(file, byPath.get(file.path)), file.path),
  );
  const others = found
    .filter(({ path }) => !listed.has(path))
    .flatMap((entry) => reasons(otherFault(entry, folders), entry.path));
  return [...files, ...others];
}

function reasons(reason: string | undefined, path: string): Fault[] {
  return reason === undefined ? [] : [{ path, reason }];
}

function fileFault(file: ManifestFile, found: Found | undefined): string | undefined {
  if (found === undefined) return "is missing";
  if (found.kind !== "file") return `is a ${found.kind}, not a file`;
  if (found.unreadable !== undefined) return `cannot be read (${found.unreadable})`;
  if (!found.steady) return "changed while it was read";
  const sizes = `it has ${found.bytes} bytes, the manifest says ${file.bytes}`;
  if (found.bytes < file.bytes) return `is truncated: ${sizes}`;
  if (found.bytes > file.bytes) return `is too long: ${sizes}`;
  if (found.sha256 === undefined) return "was not read";
  if (found.sha256 === file.sha256) return undefined;
  return `has other bytes: its SHA-256 is ${found.sha256}, the manifest says ${file.sha256}`;
}

function otherFault(found: Found, folders: ReadonlySet<string>): string | undefined {
  if (!folders.has(found.path)) return `is a ${found.kind} that the manifest does not list`;
  if (found.kind !== "folder") return `is a ${found.kind}, and the manifest has files below it`;
  if (found.unreadable !== undefined) return `cannot be read (${found.unreadable})`;
  return found.steady ? undefined : "changed while it was read";
}
