import { existsSync } from "node:fs";
import { installMissing, type SystemPackage } from "../../debian-packages.ts";

/** Valkey goes on where Redis was free software, and speaks and keeps the same. */
const programs = ["redis-server", "valkey-server"] as const;
const folders = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"] as const;

/** The path of Redis, or of Valkey in its place; undefined where the system has neither. */
export function redisServer(): string | undefined {
  return folders
    .flatMap((folder) => programs.map((program) => `${folder}/${program}`))
    .find((file) => existsSync(file));
}

export const redisPackage: SystemPackage = {
  name: "redis-server",
  isPresent: () => redisServer() !== undefined,
  startsService: true,
};

/** What a person installs where this cannot be done without asking. */
export const redisRemedy = "Debian: apt-get install redis-server; macOS: brew install redis";

/** The same, after installing it where that needs nobody's consent. */
export function ensureRedis(say: (text: string) => void): string | undefined {
  installMissing([redisPackage], "the counter of the local gateway", say);
  return redisServer();
}
