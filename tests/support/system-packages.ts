import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { redisPackage } from "../../tools/data-plane/binaries/redis.ts";
import { installMissing, type SystemPackage } from "../../tools/debian-packages.ts";

/** Debian packages of programs that tests call and npm cannot bring. */
const wanted: readonly SystemPackage[] = [
  { name: "iproute2", isPresent: () => anyOf("/usr/sbin/ip", "/sbin/ip", "/usr/bin/ip") },
  { name: "nftables", isPresent: () => anyOf("/usr/sbin/nft", "/sbin/nft", "/usr/bin/nft") },
  {
    name: "python3-pip",
    isPresent: () =>
      spawnSync("python3", ["-m", "pip", "--version"], { stdio: "ignore" }).status === 0,
  },
  redisPackage,
];

/** Where they cannot be installed, tests that need one are skipped with its name. */
export function installSystemPackages(say: (text: string) => void): void {
  installMissing(wanted, "tests", say);
}

function anyOf(...files: readonly string[]): boolean {
  return files.some((file) => existsSync(file));
}
