import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** Debian packages of programs that tests call and npm cannot bring. */
const wanted = [
  { name: "iproute2", files: ["/usr/sbin/ip", "/sbin/ip", "/usr/bin/ip"] },
  { name: "nftables", files: ["/usr/sbin/nft", "/sbin/nft", "/usr/bin/nft"] },
] as const;

const timeout = 120_000;

/**
 * Installs what is missing where that is possible without asking: as root on a Debian system, as in a
 * CI container. Elsewhere nothing is touched, and tests that need a program are skipped with its name.
 * @param say told before anything is installed, and if it failed
 */
export function installSystemPackages(say: (text: string) => void): void {
  const missing = wanted.filter(({ files }) => !files.some((file) => existsSync(file)));
  if (missing.length === 0 || process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return;
  const names = missing.map(({ name }) => name);
  say(`installing ${names.join(" and ")} (Debian packages, for tests/probe)`);
  const install = ["install", "-y", "-qq", "--no-install-recommends", ...names];
  if (aptGet(install) || (aptGet(["update", "-qq"]) && aptGet(install))) return;
  say(`${names.join(" and ")} could not be installed; tests that need them are skipped`);
}

function aptGet(args: readonly string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return spawnSync("/usr/bin/apt-get", args, { env, stdio: "ignore", timeout }).status === 0;
}
