import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { redisServer } from "../../tools/data-plane/binaries/redis.ts";

interface SystemPackage {
  readonly name: string;
  readonly isPresent: () => boolean;
  /** Installing it starts a service where systemd runs: there it is left to the user. */
  readonly startsService?: true;
}

/** Debian packages of programs that tests call and npm cannot bring. */
const wanted: readonly SystemPackage[] = [
  { name: "iproute2", isPresent: () => anyOf("/usr/sbin/ip", "/sbin/ip", "/usr/bin/ip") },
  { name: "nftables", isPresent: () => anyOf("/usr/sbin/nft", "/sbin/nft", "/usr/bin/nft") },
  {
    name: "python3-pip",
    isPresent: () =>
      spawnSync("python3", ["-m", "pip", "--version"], { stdio: "ignore" }).status === 0,
  },
  { name: "redis-server", isPresent: () => redisServer() !== undefined, startsService: true },
];

const timeout = 120_000;

/**
 * Installs what is missing where that is possible without asking: as root on a Debian system, as in a
 * CI container. Elsewhere nothing is touched, and tests that need a program are skipped with its name.
 * @param say told before anything is installed, and if it failed
 */
export function installSystemPackages(say: (text: string) => void): void {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return;
  const hasServices = existsSync("/run/systemd/system");
  const missing = wanted.filter(
    ({ isPresent, startsService }) => !isPresent() && !(startsService && hasServices),
  );
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => name);
  say(`installing ${names.join(" and ")} (Debian packages, for tests)`);
  const install = ["install", "-y", "-qq", "--no-install-recommends", ...names];
  if (aptGet(install) || (aptGet(["update", "-qq"]) && aptGet(install))) return;
  say(`${names.join(" and ")} could not be installed; tests that need them are skipped`);
}

function anyOf(...files: readonly string[]): boolean {
  return files.some((file) => existsSync(file));
}

function aptGet(args: readonly string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return spawnSync("/usr/bin/apt-get", args, { env, stdio: "ignore", timeout }).status === 0;
}
