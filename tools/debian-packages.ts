import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

export interface SystemPackage {
  /** As Debian calls it. */
  readonly name: string;
  readonly isPresent: () => boolean;
  /** Installing it starts a service where systemd runs: there it is left to the user. */
  readonly startsService?: true;
}

const timeout = 120_000;

/**
 * Installs what is missing where that is possible without asking: as root on a Debian system, as in a
 * container. Elsewhere nothing is touched.
 * @param say told before anything is installed, and if it failed
 */
export function installMissing(
  packages: readonly SystemPackage[],
  purpose: string,
  say: (text: string) => void,
): void {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return;
  const hasServices = existsSync("/run/systemd/system");
  const missing = packages.filter(
    ({ isPresent, startsService }) => !isPresent() && !(startsService && hasServices),
  );
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => name);
  say(
    `installing ${names.join(" and ")} (Debian ${names.length === 1 ? "package" : "packages"}, for ${purpose})`,
  );
  const install = ["install", "-y", "-qq", "--no-install-recommends", ...names];
  if (aptGet(install) || (aptGet(["update", "-qq"]) && aptGet(install))) return;
  say(`${names.join(" and ")} could not be installed`);
}

function aptGet(args: readonly string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return spawnSync("/usr/bin/apt-get", args, { env, stdio: "ignore", timeout }).status === 0;
}
