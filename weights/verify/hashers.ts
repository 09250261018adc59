import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { hashDescriptor } from "./hash-descriptor.ts";

/** Takes one file at a time. */
export interface Hasher {
  /** SHA-256 of the first `bytes` bytes of an open file. */
  hash(descriptor: number, bytes: number): Promise<string>;
  close(): Promise<void>;
}

/** More threads than this read faster than any disk that weights lie on. */
const threadLimit = 8;

/** Bytes from which a thread pays for its start, about 40 ms. */
const bytesPerThread = 64 * 1024 * 1024;

/** As many as pay for that many bytes; a single one without a thread for little. */
export function hashersFor(bytes: number): readonly Hasher[] {
  const threads = Math.min(Math.floor(bytes / bytesPerThread), availableParallelism(), threadLimit);
  return threads === 0 ? [ownThread] : Array.from({ length: threads }, thread);
}

const ownThread: Hasher = {
  hash: async (descriptor, bytes) => hashDescriptor(descriptor, bytes),
  close: async () => {},
};

interface Answer {
  readonly sha256?: string;
  readonly fault?: string;
}

function thread(): Hasher {
  const worker = new Worker(new URL("hash-worker.ts", import.meta.url));
  return {
    hash: (descriptor, bytes) =>
      new Promise((resolve, reject) => {
        const settle = () => {
          worker.off("message", answered);
          worker.off("error", failed);
        };
        const answered = ({ sha256, fault }: Answer) => {
          settle();
          if (sha256 === undefined) reject(new Error(fault));
          else resolve(sha256);
        };
        const failed = (error: Error) => {
          settle();
          reject(error);
        };
        worker.once("message", answered);
        worker.once("error", failed);
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
        worker.postMessage({ descriptor, bytes });
      }),
    close: async () => {
      await worker.terminate();
    },
  };
}
