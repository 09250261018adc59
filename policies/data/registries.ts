/** Registries that anybody can push to or that outsiders run for everybody, with all hosts below them (2026-11). */
export const publicRegistries: readonly string[] = [
  "cgr.dev",
  "container-registry.oracle.com",
  "docker.elastic.co",
  "docker.io",
  "gcr.io",
  "ghcr.io",
  "hub.docker.com",
  "lscr.io",
  "mcr.microsoft.com",
  "nvcr.io",
  "pkg.dev",
  "public.ecr.aws",
  "quay.io",
  "redhat.com",
  "redhat.io",
  "registry.gitlab.com",
  "registry.hf.space",
  "registry.k8s.io",
];

/** One segment of an image's path, as container runtimes read it (regular expression). */
export const imagePathSegment = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
/** Tag of an image (regular expression). */
export const imageTag = "\\w[\\w.-]{0,127}";
/** The only digest accepted (regular expression). */
export const imageDigest = "sha256:[0-9a-f]{64}";
