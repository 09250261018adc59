import { existsSync } from "node:fs";

/** Valkey goes on where Redis was free software, and speaks and keeps the same. */
const programs = ["redis-server", "valkey-server"] as const;
const folders = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"] as const;

/** The path of Redis, or of Valkey in its place; undefined where the system has neither. */
export function redisServer(): string | undefined {
  return folders
    .flatMap((folder) => programs.map((program) => `${folder}/${program}`))
    .find((file) => existsSync(file));
}
