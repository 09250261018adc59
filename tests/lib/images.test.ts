import test from "ava";
import * as fc from "fast-check";
import { mirroredImage, mirroredRepository, registryPath } from "../../components/lib/images.ts";
import { imageKey, pinnedImages, readLock } from "../../infra/lock.ts";
import { images } from "../../infra/versions.ts";

const digest = `sha256:${"0123456789abcdef".repeat(4)}` as const;
const vllm = { repository: "docker.io/vllm/vllm-openai", tag: "v0.33.0", digest };

test("an image is pulled by digest from the registry inside, below its prefix", (t) => {
  t.is(
    mirroredImage(vllm, { host: "registry.example.internal:5000", prefix: "mirror/llm" }),
    `registry.example.internal:5000/mirror/llm/docker.io/vllm/vllm-openai@${digest}`,
  );
});

test("without a prefix the upstream path follows the host", (t) => {
  t.is(
    mirroredImage(vllm, { host: "registry.example.internal" }),
    `registry.example.internal/docker.io/vllm/vllm-openai@${digest}`,
  );
  t.is(registryPath({ host: "registry.example.internal" }), "registry.example.internal");
});

test("no reference carries a tag", (t) => {
  t.notRegex(mirroredImage(vllm, { host: "registry.example.internal" }), /v0\.33\.0/);
});

test("two upstream repositories never share a place inside", (t) => {
  const part = fc.stringMatching(/^[a-z0-9]{1,8}$/);
  const repository = fc.tuple(part, part, part).map(([a, b, c]) => `${a}.example/${b}/${c}`);
  fc.assert(
    fc.property(repository, repository, (first, second) => {
      const registry = { host: "registry.example.internal", prefix: "mirror" };
      t.is(
        mirroredRepository({ repository: first }, registry) ===
          mirroredRepository({ repository: second }, registry),
        first === second,
      );
    }),
  );
});

test("the committed lock pins every image that the program names", (t) => {
  const lock = readLock();
  const pinned = pinnedImages(lock);
  const digests = Object.values(pinned).map((image): string => image.digest);
  t.deepEqual(
    digests,
    Object.values(images).map((image) => lock.images[imageKey(image)]?.digest ?? "not locked"),
  );
});
