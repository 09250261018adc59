import type { Platform } from "./table.ts";

const platforms: Readonly<Record<string, Platform>> = {
  "linux-x64": "linux-amd64",
  "linux-arm64": "linux-arm64",
  "darwin-x64": "darwin-amd64",
  "darwin-arm64": "darwin-arm64",
};

/** The name Go and the release archives use for this machine. */
export function currentPlatform(): Platform {
  const here = `${process.platform}-${process.arch}`;
  const platform = platforms[here];
  if (platform === undefined) {
    throw new Error(
      `platform ${here}: the local cluster runs on ${Object.keys(platforms).join(", ")}; use one of these`,
    );
  }
  return platform;
}
