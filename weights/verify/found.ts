/** What stands at one path of a folder. */
export type Kind = "file" | "folder" | "symbolic link" | "FIFO" | "socket" | "device" | "unknown";

/** One entry of a folder as it was found, without following links. */
export interface Found {
  /** Relative to the folder of the checkpoint, with `/`. */
  readonly path: string;
  readonly kind: Kind;
  /** Size of a file; 0 for anything else. */
  readonly bytes: number;
  /** Of the whole file; undefined where it was not read, such as one of the wrong size. */
  readonly sha256: string | undefined;
  /** The same file, unchanged, before it was read, after, and when all others had been read too. */
  readonly steady: boolean;
  /** Why it could not be looked at or read. */
  readonly unreadable: string | undefined;
}
