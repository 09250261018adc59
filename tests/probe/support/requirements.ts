import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/**
 * The packet filter's own program by its path: a package of npm brings another program named `nft`, and
 * npm puts that first on PATH.
 */
export const nft = ["/usr/sbin/nft", "/sbin/nft", "/usr/bin/nft", "/usr/local/sbin/nft"].find(
  (file) => existsSync(file),
);

/** Why packets cannot be sent between network namespaces here; `undefined` where they can. */
export function obstacle(): string | undefined {
  if (process.platform !== "linux") return "needs Linux: network namespaces";
  if (process.getuid?.() !== 0) return "needs root: network namespaces";
  const absent = (program: string) => spawnSync(program, ["version"]).error !== undefined;
  if (nft === undefined || absent("ip")) return "needs the Debian packages iproute2 and nftables";
  if (absent("go")) return "needs Go 1.26 or later: https://go.dev/dl";
  const tried = spawnSync("unshare", ["--net", nft, "add table inet x"], { encoding: "utf8" });
  if (tried.status === 0) return undefined;
  const words = tried.error?.message ?? tried.stderr.trim().split("\n")[0] ?? "";
  return `needs a kernel that gives root network namespaces with nftables: ${words}`;
}
