import { enableCompileCache } from "node:module";

/** Commands by name; each runs on import. */
const commands = [
  "bench",
  "check",
  "cluster",
  "data-plane",
  "down",
  "egress",
  "fit",
  "keys",
  "lock",
  "prompts",
  "preflight",
  "render",
  "traffic",
  "up",
  "weights",
] as const;

// Saves about a third of the start-up, so it comes before anything else is loaded.
enableCompileCache();

// `check | head` closes the pipe early; that is no error of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit();
  throw error;
});

const [name = "", ...rest] = process.argv.slice(2);
const command = commands.find((known) => known === name);
if (command === undefined) {
  process.stderr.write(`unknown command ${name}; commands: ${commands.join(", ")}\n`);
  process.exitCode = 2;
} else {
  process.argv.splice(2, process.argv.length, ...rest);
  await import(`./${command}.ts`);
}
