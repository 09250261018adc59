import { writeSync } from "node:fs";

// Loaded before the measured program; tells its peak memory to the parent when it ends.
process.on("exit", () => {
  writeSync(3, String(process.resourceUsage().maxRSS));
});
