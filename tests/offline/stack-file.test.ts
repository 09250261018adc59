import test from "ava";
import { readStackFile, StackFileError } from "../../offline/stack-file.ts";
import { unknownSentinel } from "../../offline/wire.ts";
import { temporaryFolder } from "../support/temporary.ts";

const project = `name: private-llm
stackConfigDir: stacks
config:
  layer: {type: string}
  models: {type: array, default: []}
  replicas: {type: integer, default: 1}
`;

async function read(t: Parameters<typeof temporaryFolder>[0], stack: string, manifest = project) {
  const root = await temporaryFolder(t, {
    "Pulumi.yaml": manifest,
    "stacks/Pulumi.test.yaml": stack,
  });
  return readStackFile(root, "test");
}

test("values arrive as the engine hands them over: text, and JSON for what has structure", async (t) => {
  const file = await read(
    t,
    "config:\n  private-llm:layer: platform\n  private-llm:models: [{name: a}]\n  aws:region: us-east-1\n",
  );
  t.deepEqual(file.config, {
    "private-llm:layer": "platform",
    "private-llm:models": '[{"name":"a"}]',
    "private-llm:replicas": "1",
    "aws:region": "us-east-1",
  });
  t.deepEqual(file.undecidable, []);
});

test("a key in the old spelling belongs where the engine puts it", async (t) => {
  const file = await read(
    t,
    "config:\n  private-llm:layer: platform\n  aws:config:region: us-east-1\n",
  );
  t.is(file.config["aws:region"], "us-east-1");
});

test("an encrypted value is an unknown secret, not an error", async (t) => {
  const file = await read(
    t,
    "config:\n  private-llm:layer: platform\n  private-llm:kubeconfig:\n    secure: v1:abc:def\n",
  );
  t.is(file.config["private-llm:kubeconfig"], unknownSentinel);
  t.deepEqual(file.secretKeys, ["private-llm:kubeconfig"]);
  t.deepEqual(file.undecidable, []);
});

test("an encrypted value where the shape is decided is undecidable, with its path", async (t) => {
  const file = await read(
    t,
    "config:\n  private-llm:layer:\n    secure: v1:a:b\n  private-llm:models:\n    - name: {secure: v1:c:d}\n",
  );
  const reason =
    "is encrypted, and what it holds decides the shape of the stack; write it in plain text, or preview with the engine";
  t.deepEqual(file.undecidable, [
    `private-llm:layer ${reason}`,
    `private-llm:models[0].name ${reason}`,
  ]);
});

test("imported environments are undecidable, since only the engine opens them", async (t) => {
  const file = await read(t, "environment: [shared]\nconfig:\n  private-llm:layer: platform\n");
  t.deepEqual(file.undecidable, ["environment: imported values are known to the engine only"]);
});

const refused: readonly { title: string; stack: string; message: RegExp }[] = [
  {
    title: "a stack file that is not YAML",
    stack: "config: [unclosed\n",
    message: /^stacks\/Pulumi\.test\.yaml: is not YAML: /,
  },
  {
    title: "a key written twice",
    stack: "config:\n  a:b: 1\n  a:b: 2\n",
    message: /^stacks\/Pulumi\.test\.yaml: is not YAML: Map keys must be unique/,
  },
  {
    title: "a list where a mapping belongs",
    stack: "- a\n",
    message: /^stacks\/Pulumi\.test\.yaml: holds a list; a mapping was expected$/,
  },
  {
    title: "an empty file",
    stack: "",
    message: /^stacks\/Pulumi\.test\.yaml: holds no mapping; a stack file starts with "config:"$/,
  },
  {
    title: "config that is no mapping",
    stack: "config: 5\n",
    message: /config is not a mapping of keys to values$/,
  },
  {
    title: "a key without a namespace, which the engine takes from no stack file",
    stack: "config:\n  layer: platform\n",
    message: /^stacks\/Pulumi\.test\.yaml:\n {2}layer: has no namespace; write private-llm:layer/,
  },
  {
    title: "missing and mistyped values, all at once",
    stack: "config:\n  private-llm:models: many\n  private-llm:replicas: one\n",
    message:
      /private-llm:layer: missing; Pulumi\.yaml requires a value of type string\n {2}private-llm:models: "many" is not of type array\n {2}private-llm:replicas: "one" is not of type integer$/,
  },
];

for (const { title, stack, message } of refused) {
  test(`refused: ${title}`, async (t) => {
    const error = await t.throwsAsync(read(t, stack), { instanceOf: StackFileError });
    t.regex(error?.message ?? "", message);
  });
}

test("a stack without a file is named, with the reason", async (t) => {
  const root = await temporaryFolder(t, { "Pulumi.yaml": project });
  await t.throwsAsync(readStackFile(root, "nowhere"), {
    message: "stacks/Pulumi.nowhere.yaml: cannot be read (ENOENT); name a stack whose file exists",
  });
});
