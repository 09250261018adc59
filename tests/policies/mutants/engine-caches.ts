import { isObject, type ValueObject } from "../../../policies/model/value.ts";
import { changed, kube, replaceAt } from "../good-graph.ts";
import {
  commandMutant,
  podMutant,
  unknownEngine,
  variableMutant,
  wordsMutant,
} from "./engine-command.ts";
import { engine, engineMutant, enginePath, type Mutant, template } from "./mutant.ts";

const claimed = { name: "scratch", persistentVolumeClaim: { claimName: "cache" } };

export const caches: readonly Mutant[] = [
  commandMutant(
    "A09",
    "prefixes on by default",
    ["vllm", "serve", "/models/llama", "--allowed-media-domains=none.invalid"],
    "args",
  ),
  wordsMutant("A09", "prefixes on again", ["--enable-prefix-caching"]),
  wordsMutant("A09", "blocks in a store", [
    "--kv-transfer-config",
    '{"kv_connector":"LMCacheConnectorV1"}',
  ]),
  wordsMutant("A09", "events of the cache", ["--kv-events-config", '{"publisher":"zmq"}']),
  variableMutant("A09", "a remote cache", { name: "LMCACHE_REMOTE_URL", value: "lm://x" }, "value"),
  cacheOn("compiled code on the node", { name: "scratch", hostPath: { path: "/var/cache" } }),
  cacheOn("compiled code on a claim of many nodes", claimed, "ReadWriteMany"),
  cacheOn("compiled code on a claim that nobody declares", claimed),
  sharedClaim(),
  engineMutant(
    "A09",
    "compiled code from a volume that can only be read",
    [...engine, "volumeMounts"],
    [{ name: "weights", mountPath: "/home/vllm/.cache/vllm", readOnly: true }],
    `${enginePath}.volumeMounts[0].name`,
  ),
  variableMutant(
    "A09",
    "a cache at no path",
    { name: "TRITON_CACHE_DIR", value: "cache" },
    "value",
  ),
  podMutant(
    "A09",
    "SGLang with prefixes on",
    { command: ["python3", "-m", "sglang.launch_server", "--model-path=/m"] },
    "args",
  ),
  unknownEngine("A09"),
];

/** A claim of one node that a second workload mounts as well. */
function sharedClaim(): Mutant {
  const mutant = cacheOn("compiled code on a claim of two workloads", claimed, "ReadWriteOnce");
  const other = kube("core/v1:Pod", "other", "inference", {
    spec: { containers: [], volumes: [claimed] },
  });
  return { ...mutant, resources: [...mutant.resources, other] };
}

/** The engine's scratch volume replaced, and mounted where its cache lies. */
function cacheOn(title: string, volume: ValueObject, mode?: string): Mutant {
  const claim = kube("core/v1:PersistentVolumeClaim", "cache", "inference", {
    spec: { accessModes: [mode ?? "ReadWriteOnce"] },
  });
  const mounts = [{ name: "scratch", mountPath: "/scratch" }];
  const resources = changed("Deployment/llama", [...engine, "volumeMounts"], mounts).map((each) => {
    if (each.name !== "llama" || !each.type.endsWith(":Deployment")) return each;
    const properties = replaceAt(each.properties, [...template, "volumes"], [volume]);
    return isObject(properties) ? { ...each, properties } : each;
  });
  return {
    rule: "A09",
    title,
    resources: mode === undefined ? resources : [...resources, claim],
    object: "Deployment inference/llama",
    path: `${enginePath}.volumeMounts[0].name`,
  };
}
