import { unknown, type Value } from "../../../policies/model/value.ts";
import { kube } from "../good-graph.ts";
import { added, digest, engine, engineMutant, enginePath, type Mutant } from "./mutant.ts";

function imageMutant(title: string, image: Value | undefined): Mutant {
  return engineMutant("W04", title, [...engine, "image"], image, `${enginePath}.image`);
}

export const images: readonly Mutant[] = [
  imageMutant("tag only", "registry.internal/llm/vllm:v1"),
  imageMutant("no registry", `vllm/vllm-openai@${digest}`),
  imageMutant("public registry", `docker.io/vllm/vllm-openai@${digest}`),
  imageMutant("registry whose path only begins alike", `registry.internal/llm-evil/vllm@${digest}`),
  imageMutant("registry whose host only ends alike", `evil.registry.internal/llm/vllm@${digest}`),
  imageMutant("digest too short", "registry.internal/llm/vllm@sha256:abcd"),
  imageMutant("path that climbs", `registry.internal/llm/../vllm@${digest}`),
  imageMutant("absent image", undefined),
  imageMutant("unknown image", unknown),
  added(
    "W04",
    "image volume by tag",
    kube("core/v1:Pod", "volume", "gateway", {
      spec: { containers: [], volumes: [{ name: "m", image: { reference: "quay.io/m:1" } }] },
    }),
    "Pod gateway/volume",
    "spec.volumes[0].image.reference",
  ),
  added(
    "W04",
    "Prometheus by tag",
    kube("monitoring.coreos.com/v1:Prometheus", "main", "monitoring", {
      spec: { image: "registry.internal/llm/prometheus:v3" },
    }),
    "Prometheus monitoring/main",
    "spec.image",
  ),
];
