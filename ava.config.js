// Mock state is process-global in Pulumi: serial inside a file, one process per file.
export default {
  files: ["tests/**/*.test.ts"],
  extensions: ["ts"],
  serial: true,
  workerThreads: false,
  failWithoutAssertions: true,
  timeout: "2m",
};
