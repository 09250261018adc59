/** Platforms that the published archives name; others are built from source. */
export type Platform = "linux-amd64" | "linux-arm64" | "darwin-amd64" | "darwin-arm64";

export type ToolName =
  | "etcd"
  | "kube-apiserver"
  | "kube-controller-manager"
  | "kube-scheduler"
  | "kubectl"
  | "kwok"
  | "helm"
  | "crane"
  | "k6"
  | "ratelimit";

/** Base URLs of the publishers, without a trailing slash. */
export interface OfficialHosts {
  readonly kubernetes: string;
  readonly github: string;
  readonly helm: string;
}

export const officialHosts = {
  kubernetes: "https://dl.k8s.io",
  github: "https://github.com",
  helm: "https://get.helm.sh",
} as const satisfies OfficialHosts;

export interface OfficialFile {
  readonly host: keyof OfficialHosts;
  /** Path of the binary or of a gzipped tar archive. */
  readonly path: string;
  /** Path of a file with the bare SHA-256 in hex, or with `sum  name` lines. */
  readonly checksums: string;
  /** Path of the binary inside the archive; absent where the file is the binary itself. */
  readonly member?: string;
}

export interface Tool {
  readonly name: ToolName;
  readonly version: `v${string}`;
  /** Folder of the Go module that pins the source, from `tools/cluster`. */
  readonly module: "kubernetes" | "runtime" | "../data-plane/k6" | "../data-plane/ratelimit";
  readonly package: string;
  readonly ldflags: string;
  /** Undefined where the project publishes no binary with a checksum for this platform. */
  readonly official: (platform: Platform) => OfficialFile | undefined;
}

export const kubernetesVersion = "v1.37.2";
const etcdVersion = "v3.7.3";
const kwokVersion = "v0.8.0";
const helmVersion = "v4.3.1";
const craneVersion = "v0.22.1";
const k6Version = "v1.8.1";
const ratelimitVersion = "v1.4.1-0.20260122083618-3fb702589d36";

/** Without the stamp the API server reports v0.0.0 and clients misjudge what it can do. */
const kubernetesStamp = [
  "-s -w",
  `-X k8s.io/component-base/version.gitVersion=${kubernetesVersion}`,
  "-X k8s.io/component-base/version.gitMajor=1",
  "-X k8s.io/component-base/version.gitMinor=37",
  `-X k8s.io/client-go/pkg/version.gitVersion=${kubernetesVersion}`,
].join(" ");

type KubernetesTool = "kube-apiserver" | "kube-controller-manager" | "kube-scheduler" | "kubectl";

function kubernetes<N extends KubernetesTool>(name: N): Tool & { readonly name: N } {
  return {
    name,
    version: kubernetesVersion,
    module: "kubernetes",
    package: `k8s.io/kubernetes/cmd/${name}`,
    ldflags: kubernetesStamp,
    // https://kubernetes.io/releases/download: servers are published for Linux only.
    official: (platform) => {
      if (name !== "kubectl" && platform.startsWith("darwin")) return undefined;
      const path = `/release/${kubernetesVersion}/bin/${platform.replace("-", "/")}/${name}`;
      return { host: "kubernetes", path, checksums: `${path}.sha256` };
    },
  };
}

/**
 * Every program the local cluster runs or the project calls, with the module that pins its source.
 * Versions are those of the `go.mod` files (a test compares them); download layouts are those of the
 * projects' release pages, 2026-11.
 */
export const tools = {
  "kube-apiserver": kubernetes("kube-apiserver"),
  "kube-controller-manager": kubernetes("kube-controller-manager"),
  "kube-scheduler": kubernetes("kube-scheduler"),
  kubectl: kubernetes("kubectl"),
  etcd: {
    name: "etcd",
    version: etcdVersion,
    module: "runtime",
    package: "go.etcd.io/etcd/server/v3",
    ldflags: "-s -w",
    // macOS archives are zip files, which not every system can unpack: built from source there.
    official: (platform) =>
      platform.startsWith("darwin")
        ? undefined
        : {
            host: "github",
            path: `/etcd-io/etcd/releases/download/${etcdVersion}/etcd-${etcdVersion}-${platform}.tar.gz`,
            checksums: `/etcd-io/etcd/releases/download/${etcdVersion}/SHA256SUMS`,
            member: `etcd-${etcdVersion}-${platform}/etcd`,
          },
  },
  kwok: {
    name: "kwok",
    version: kwokVersion,
    module: "runtime",
    package: "sigs.k8s.io/kwok/cmd/kwok",
    ldflags: `-s -w -X sigs.k8s.io/kwok/pkg/consts.Version=${kwokVersion}`,
    // Releases carry binaries but no checksum file that we know of.
    official: () => undefined,
  },
  helm: {
    name: "helm",
    version: helmVersion,
    module: "runtime",
    package: "helm.sh/helm/v4/cmd/helm",
    ldflags: `-s -w -X helm.sh/helm/v4/internal/version.version=${helmVersion}`,
    official: (platform) => ({
      host: "helm",
      path: `/helm-${helmVersion}-${platform}.tar.gz`,
      checksums: `/helm-${helmVersion}-${platform}.tar.gz.sha256sum`,
      member: `${platform}/helm`,
    }),
  },
  crane: {
    name: "crane",
    version: craneVersion,
    module: "runtime",
    package: "github.com/google/go-containerregistry/cmd/crane",
    ldflags: `-s -w -X github.com/google/go-containerregistry/cmd/crane/cmd.Version=${craneVersion}`,
    official: (platform) => ({
      host: "github",
      path: `/google/go-containerregistry/releases/download/${craneVersion}/${craneArchive[platform]}`,
      checksums: `/google/go-containerregistry/releases/download/${craneVersion}/checksums.txt`,
      member: "crane",
    }),
  },
  k6: {
    name: "k6",
    version: k6Version,
    module: "../data-plane/k6",
    package: "go.k6.io/k6",
    ldflags: "-s -w",
    // macOS archives are zip files, as etcd's are.
    official: (platform) =>
      platform.startsWith("darwin")
        ? undefined
        : {
            host: "github",
            path: `/grafana/k6/releases/download/${k6Version}/k6-${k6Version}-${platform}.tar.gz`,
            checksums: `/grafana/k6/releases/download/${k6Version}/k6-${k6Version}-checksums.txt`,
            member: `k6-${k6Version}-${platform}/k6`,
          },
  },
  ratelimit: {
    name: "ratelimit",
    version: ratelimitVersion,
    module: "../data-plane/ratelimit",
    package: "github.com/envoyproxy/ratelimit/src/service_cmd",
    ldflags: "-s -w",
    // The project publishes container images alone.
    official: () => undefined,
  },
} as const satisfies { readonly [N in ToolName]: Tool & { readonly name: N } };

const craneArchive = {
  "linux-amd64": "go-containerregistry_Linux_x86_64.tar.gz",
  "linux-arm64": "go-containerregistry_Linux_arm64.tar.gz",
  "darwin-amd64": "go-containerregistry_Darwin_x86_64.tar.gz",
  "darwin-arm64": "go-containerregistry_Darwin_arm64.tar.gz",
} as const satisfies Record<Platform, string>;
