import test from "ava";
import {
  type Entries,
  mountedFiles,
  podSchema,
  type Sources,
} from "../../deploy/data-plane/mounts.ts";

const entries = (content: Readonly<Record<string, string>>): Entries =>
  new Map(Object.entries(content).map(([key, text]) => [key, Buffer.from(text)]));

function sources(objects: Readonly<Record<string, Readonly<Record<string, string>>>>): Sources {
  const find = (named: string) => {
    const found = objects[named];
    return Promise.resolve(found === undefined ? undefined : entries(found));
  };
  return {
    configMap: (name) => find(`ConfigMap ${name}`),
    secret: (name) => find(`Secret ${name}`),
    token: (audience) => Promise.resolve(Buffer.from(`token for ${audience ?? "everybody"}`)),
  };
}

function pod(volumes: readonly object[], mountPath = "/files") {
  return podSchema.parse({
    containers: [{ volumeMounts: [{ name: "it", mountPath }] }],
    volumes: volumes.map((volume) => ({ name: "it", ...volume })),
  });
}

async function contents(
  volume: object,
  objects: Readonly<Record<string, Readonly<Record<string, string>>>>,
) {
  const files = await mountedFiles(pod([volume]), sources(objects));
  return Object.fromEntries([...files].map(([path, content]) => [path, content.toString()]));
}

test("every key of a ConfigMap is a file", async (t) => {
  const files = await contents(
    { configMap: { name: "one" } },
    { "ConfigMap one": { "a.json": "1", "b.json": "2" } },
  );
  t.deepEqual(files, { "/files/a.json": "1", "/files/b.json": "2" });
});

test("items choose keys of a Secret and name their files", async (t) => {
  const files = await contents(
    { secret: { secretName: "one", items: [{ key: "api-key", path: "openai" }] } },
    { "Secret one": { "api-key": "k", other: "no" } },
  );
  t.deepEqual(files, { "/files/openai": "k" });
});

test("the later of two projected sources wins", async (t) => {
  const volume = {
    projected: {
      sources: [{ secret: { name: "none" } }, { secret: { name: "issued", optional: true } }],
    },
  };
  const none = { "Secret none": { "gateway.json": "nobody" } };
  t.deepEqual(await contents(volume, none), { "/files/gateway.json": "nobody" });
  t.deepEqual(
    await contents(volume, { ...none, "Secret issued": { "gateway.json": "somebody" } }),
    { "/files/gateway.json": "somebody" },
  );
});

test("a token is asked for with its audience", async (t) => {
  const volume = {
    projected: { sources: [{ serviceAccountToken: { path: "token", audience: "api" } }] },
  };
  t.deepEqual(await contents(volume, {}), { "/files/token": "token for api" });
});

test("all objects that are missing are named at once", async (t) => {
  const one = podSchema.parse({
    containers: [
      {
        volumeMounts: [
          { name: "a", mountPath: "/a" },
          { name: "b", mountPath: "/b" },
          { name: "c", mountPath: "/c" },
        ],
      },
    ],
    volumes: [
      { name: "a", configMap: { name: "gone" } },
      { name: "b", secret: { secretName: "lost", items: [{ key: "x", path: "x" }] } },
    ],
  });
  await t.throwsAsync(mountedFiles(one, sources({ "Secret lost": {} })), {
    message: /ConfigMap gone, key x of Secret lost, volume c/,
  });
});

test("a volume that would not be played is refused", (t) => {
  t.throws(() => pod([{ hostPath: { path: "/" } }]));
});
