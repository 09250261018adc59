import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import test from "ava";
import { type RecordedResource, record } from "../../offline/recorder.ts";
import { unknownSentinel } from "../../offline/wire.ts";
import { at, unknown } from "../../policies/model/value.ts";

class Group extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("test:index:Group", name, {}, opts);
  }
}

async function recorded(
  program: () => void,
  config: Readonly<Record<string, string>> = {},
  secretKeys: readonly string[] = [],
): Promise<ReadonlyMap<string, RecordedResource>> {
  const options = { project: "p", stack: "s", config, secretKeys };
  const { resources } = await record(program, options);
  return new Map(resources.map((resource) => [resource.name, resource]));
}

test("every output of a provider is unknown, as in a first preview", async (t) => {
  const resources = await recorded(() => {
    const space = new k8s.core.v1.Namespace("space", { metadata: { name: "space" } });
    new k8s.core.v1.ConfigMap("map", {
      metadata: { name: "map", namespace: space.metadata.name },
      data: { id: space.id },
    });
  });
  const properties = resources.get("map")?.properties;
  t.is(at(properties, "metadata", "namespace"), unknown);
  t.is(at(properties, "data", "id"), unknown);
  t.is(at(properties, "metadata", "name"), "map");
});

test("an encrypted configuration value reaches the program as an unknown secret", async (t) => {
  const resources = await recorded(
    () => {
      const token = new pulumi.Config("p").requireSecret("token");
      new k8s.core.v1.ConfigMap("map", { data: { token, text: pulumi.interpolate`x-${token}` } });
    },
    { "p:token": unknownSentinel },
    ["p:token"],
  );
  const map = resources.get("map");
  t.is(at(map?.properties, "data", "token"), unknown);
  t.deepEqual(map?.secrets.includes("data.token"), true);
});

test("a secret value is unwrapped for rules, and its path is remembered", async (t) => {
  const resources = await recorded(() => {
    new k8s.core.v1.ConfigMap("map", { data: { a: pulumi.secret("plain"), b: "open" } });
  });
  const map = resources.get("map");
  t.deepEqual(map?.properties["data"], { a: "plain", b: "open" });
  t.deepEqual(map?.secrets, ["data.a"]);
});

test("URNs carry the types of all ancestors, as the engine writes them", async (t) => {
  const resources = await recorded(() => {
    const outer = new Group("outer");
    const inner = new Group("inner", { parent: outer });
    new k8s.core.v1.ConfigMap("map", {}, { parent: inner });
  });
  const map = resources.get("map");
  t.is(
    map?.urn,
    "urn:pulumi:s::p::test:index:Group$test:index:Group$kubernetes:core/v1:ConfigMap::map",
  );
  t.is(map?.parent, "urn:pulumi:s::p::test:index:Group$test:index:Group::inner");
});

test("options and dependencies are recorded", async (t) => {
  const resources = await recorded(() => {
    const first = new Group("group");
    const space = new k8s.core.v1.Namespace("space", {}, { parent: first });
    new k8s.core.v1.ConfigMap(
      "map",
      {},
      { dependsOn: [space], protect: true, retainOnDelete: true, ignoreChanges: ["data"] },
    );
  });
  const map = resources.get("map");
  t.deepEqual(map?.options, { protect: true, retainOnDelete: true, ignoreChanges: ["data"] });
  t.deepEqual(map?.dependencies, [resources.get("space")?.urn]);
});

test("two resources of one URN are refused, as the engine refuses them", async (t) => {
  const program = () => {
    new k8s.core.v1.ConfigMap("map", {});
    new k8s.core.v1.ConfigMap("map", {});
  };
  await t.throwsAsync(recorded(program), {
    message:
      "two resources have the URN urn:pulumi:s::p::kubernetes:core/v1:ConfigMap::map; give one of them another name",
  });
});

test("a program that asks a provider is told to take the value from the stack file", async (t) => {
  const program = () => {
    const region = pulumi.output(pulumi.runtime.invoke("aws:index/getRegion:getRegion", {}));
    new k8s.core.v1.ConfigMap("map", { data: { region: region.apply((found) => found.name) } });
  };
  await t.throwsAsync(recorded(program), {
    message:
      "the program calls aws:index/getRegion:getRegion, which only a provider can answer; take the values from the stack file",
  });
});

test("an error of the program comes back once, and as it was thrown", async (t) => {
  const fault = new pulumi.RunError("the stack is misconfigured");
  const error = await t.throwsAsync(
    recorded(() => {
      throw fault;
    }),
  );
  t.is(error, fault);
});

test("an error of the program says where it was thrown", async (t) => {
  const error = await t.throwsAsync(
    recorded(() => {
      throw new Error("broken");
    }),
  );
  t.regex(error?.stack ?? "", /recorder\.test\.ts/);
});

test("outputs can be given ahead of a provider, for what is to be written down", async (t) => {
  const { resources } = await record(
    () => {
      const password = new random.RandomPassword("key", { length: 8 });
      new k8s.core.v1.Secret("secret", { stringData: { key: password.result } });
    },
    {
      project: "p",
      stack: "s",
      config: {},
      secretKeys: [],
      outputs: (type, name) => (type.startsWith("random:") ? { result: `<${name}>` } : {}),
    },
  );
  const secret = resources.find((resource) => resource.name === "secret");
  t.is(at(secret?.properties, "stringData", "key"), "<key>");
});
