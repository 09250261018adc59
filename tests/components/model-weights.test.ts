import * as k8s from "@pulumi/kubernetes";
import test from "ava";
import { stagingEdges } from "../../components/model-weights/edges.ts";
import {
  ModelWeights,
  type ModelWeightsArgs,
} from "../../components/model-weights/model-weights.ts";
import { sourceArgs } from "../../components/model-weights/source.ts";
import { deploy, type Registered } from "./lib/deploy.ts";
import { at, list, number, text } from "./lib/look.ts";
import { manifest, args as server, verifierImage } from "./model-server-fixture.ts";

const mirror: ModelWeightsArgs["source"] = {
  kind: "mirror",
  url: "https://models.example.internal:8443/{repository}/{revision}",
  address: "10.30.0.20",
};

const hub: ModelWeightsArgs["source"] = {
  kind: "hub",
  host: "huggingface.co",
  contentHosts: ["content.example"],
  tokenSecret: "hub-token",
  reach: { kind: "forward-proxy", address: "fd00::1", port: 3128 },
};

const nfs: ModelWeightsArgs["volume"] = {
  kind: "nfs",
  server: "10.20.0.9",
  path: "/weights",
  mountOptions: ["xprtsec=tls"],
};
const local: ModelWeightsArgs["volume"] = { kind: "local", path: "/mnt/nvme/models" };

const args: ModelWeightsArgs = {
  namespace: "weights",
  inference: "inference",
  image: verifierImage,
  source: mirror,
  volume: nfs,
  checkpoints: [{ name: "llama", folder: "llama", manifest, weightsGb: 141 }],
  nodes: server.nodes,
  hosts: ["gpu-1", "gpu-2"],
};

async function made(change: Partial<ModelWeightsArgs> = {}): Promise<readonly Registered[]> {
  const { resources } = await deploy(() => {
    new ModelWeights(
      "weights",
      { ...args, ...change },
      { providers: [new k8s.Provider("site", {})] },
    );
  });
  return resources;
}

function of(resources: readonly Registered[], kind: string): readonly Registered[] {
  return resources.filter(({ type }) => type.endsWith(`:${kind}`));
}

function only(resources: readonly Registered[], kind: string): Registered {
  const [found, ...others] = of(resources, kind);
  if (found === undefined || others.length > 0) throw new Error(`not one ${kind}`);
  return found;
}

const podOf = (job: Registered) => at(job.inputs, "spec", "template", "spec");

test("a job never runs where inference does, and carries no token", async (t) => {
  const job = only(await made(), "Job");
  t.is(at(job.inputs, "metadata", "namespace"), "weights");
  t.is(at(podOf(job), "automountServiceAccountToken"), false);
  t.is(at(podOf(job), "serviceAccountName"), "weights-staging");
});

test("the job's pod is restricted and holds no GPU", async (t) => {
  const pod = podOf(only(await made(), "Job"));
  t.like(at(pod, "securityContext"), {
    runAsNonRoot: true,
    runAsUser: 2001,
    seccompProfile: { type: "RuntimeDefault" },
  });
  const [container] = list(pod, "containers");
  t.deepEqual(at(container, "securityContext"), {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  });
  t.false(JSON.stringify(at(container, "resources")).includes("nvidia"));
});

test("staging onto shared storage keeps away from nodes with GPUs", async (t) => {
  const pod = podOf(only(await made(), "Job"));
  t.is(at(pod, "tolerations"), undefined);
  t.regex(JSON.stringify(at(pod, "affinity")), /"private-llm\/pool","operator":"NotIn"/);
});

test("one storage is offered twice: writable to staging, read-only to inference", async (t) => {
  const volumes = of(await made(), "PersistentVolume").map(({ inputs }) => ({
    namespace: at(inputs, "spec", "claimRef", "namespace"),
    readOnly: at(inputs, "spec", "nfs", "readOnly"),
    options: at(inputs, "spec", "mountOptions"),
    policy: at(inputs, "spec", "persistentVolumeReclaimPolicy"),
  }));
  t.deepEqual(volumes, [
    {
      namespace: "inference",
      readOnly: true,
      options: ["xprtsec=tls", "ro"],
      policy: "Retain",
    },
    { namespace: "weights", readOnly: false, options: ["xprtsec=tls"], policy: "Retain" },
  ]);
});

test("each claim names its volume, and each volume its claim", async (t) => {
  const resources = await made({ volume: local });
  const claims = new Map(
    of(resources, "PersistentVolumeClaim").map(({ inputs }) => [
      text(inputs, "spec", "volumeName"),
      `${text(inputs, "metadata", "namespace")}/${text(inputs, "metadata", "name")}`,
    ]),
  );
  const volumes = new Map(
    of(resources, "PersistentVolume").map(({ inputs }) => [
      text(inputs, "metadata", "name"),
      `${text(inputs, "spec", "claimRef", "namespace")}/${text(inputs, "spec", "claimRef", "name")}`,
    ]),
  );
  t.is(volumes.size, 3);
  t.deepEqual(claims, volumes);
});

test("the disk of each GPU host is filled by a job of its own, which may run there", async (t) => {
  const resources = await made({ volume: local });
  const jobs = of(resources, "Job");
  t.deepEqual(
    jobs.map((job) => text(list(podOf(job), "volumes")[0], "persistentVolumeClaim", "claimName")),
    ["weights-gpu-1", "weights-gpu-2"],
  );
  for (const job of jobs) {
    t.is(text(list(podOf(job), "tolerations")[0], "key"), "nvidia.com/gpu");
    // A host that joins drained gets its weights before its pods.
    t.is(text(list(podOf(job), "tolerations")[1], "key"), "private-llm/drain");
  }
  const serving = of(resources, "PersistentVolume").find(
    ({ inputs }) => at(inputs, "spec", "claimRef", "namespace") === "inference",
  );
  t.regex(JSON.stringify(serving?.inputs["spec"]), /"values":\["gpu-1","gpu-2"\]/);
});

test("another manifest, source or image is another job; the same is the same", async (t) => {
  const nameOf = async (change: Partial<ModelWeightsArgs> = {}) =>
    text(only(await made(change), "Job").inputs, "metadata", "name");
  const names = [
    await nameOf(),
    await nameOf({ source: hub }),
    await nameOf({ image: `${verifierImage.slice(0, -1)}0` }),
    await nameOf({
      checkpoints: [
        {
          name: "llama",
          folder: "llama",
          weightsGb: 141,
          manifest: { ...manifest, licence: "other" },
        },
      ],
    }),
  ];
  t.is(new Set(names).size, names.length);
  t.true(names.includes(await nameOf()));
  t.true(names.every((name) => name.length <= 63));
});

test("a job is given up later than its deadline by nobody, and ends at once when it was told nonsense", async (t) => {
  const job = only(await made(), "Job");
  const seconds = number(job.inputs, "spec", "activeDeadlineSeconds");
  // 141 GB over 200 Mbit/s.
  t.true(seconds > 141 / 0.025);
  t.is(job.updateTimeout, `${seconds}s`);
  t.deepEqual(at(job.inputs, "spec", "podFailurePolicy", "rules"), [
    {
      action: "FailJob",
      onExitCodes: { containerName: "stage-weights", operator: "In", values: [2] },
    },
  ]);
});

test("volumes with weights are protected and outlive a mistaken destroy; those of simulated nodes are not", async (t) => {
  const kinds = ["PersistentVolume", "PersistentVolumeClaim"];
  const kept = async (simulated: boolean) => {
    const resources = await made({ nodes: { ...server.nodes, simulated } });
    return kinds
      .flatMap((kind) => of(resources, kind))
      .map(({ protect, retainOnDelete }) => protect && retainOnDelete);
  };
  t.deepEqual(new Set(await kept(false)), new Set([true]));
  t.deepEqual(new Set(await kept(true)), new Set([false]));
});

test("a mirror's name is written into the pod, since it may ask nobody for names", async (t) => {
  const pod = podOf(only(await made(), "Job"));
  t.deepEqual(at(pod, "hostAliases"), [
    { ip: "10.30.0.20", hostnames: ["models.example.internal"] },
  ]);
  t.is(at(podOf(only(await made({ source: hub }), "Job")), "hostAliases"), undefined);
});

test("a hub is asked through the proxy, with its token in a file", async (t) => {
  t.deepEqual(sourceArgs(hub), [
    "--source",
    "https://huggingface.co/{repository}/resolve/{revision}",
    "--host",
    "content.example",
    "--proxy",
    "http://[fd00::1]:3128",
    "--token-file",
    "/token/token",
  ]);
  const pod = podOf(only(await made({ source: hub }), "Job"));
  t.deepEqual(
    list(pod, "volumes").find((volume) => at(volume, "name") === "token"),
    {
      name: "token",
      secret: {
        secretName: "hub-token",
        defaultMode: 0o440,
        items: [{ key: "token", path: "token" }],
      },
    },
  );
});

test("the one edge of staging leads to the source's address and port", (t) => {
  const [edge, ...others] = stagingEdges("weights", mirror);
  t.deepEqual(others, []);
  t.like(edge, { to: { cidrs: ["10.30.0.20/32"] }, ports: [8443] });
  t.like(stagingEdges("weights", hub)[0], { to: { cidrs: ["fd00::1/128"] }, ports: [3128] });
});
