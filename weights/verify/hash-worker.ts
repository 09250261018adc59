import { parentPort } from "node:worker_threads";
import { hashDescriptor } from "./hash-descriptor.ts";

// Threads share the descriptors of their process, so the file stays the one that was looked at.
parentPort?.on("message", ({ descriptor, bytes }: { descriptor: number; bytes: number }) => {
  try {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    parentPort?.postMessage({ sha256: hashDescriptor(descriptor, bytes) });
  } catch (error) {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    parentPort?.postMessage({ fault: error instanceof Error ? error.message : String(error) });
  }
});
