import test from "ava";
import * as fc from "fast-check";
import { z } from "zod";
import { accessSchema } from "../../infra/config/access.ts";

function faults(input: unknown): string[] {
  const parsed = accessSchema.safeParse(input);
  return parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => `${z.core.toDotPath(path)}: ${message}`);
}

test("without configuration nobody has access", (t) => {
  t.deepEqual(accessSchema.parse({}), { viewers: [], operators: [], breakGlass: [] });
});

test("names of groups are taken as the identity provider reports them", (t) => {
  const groups = {
    viewers: ["oidc:LLM Viewers", "cn=viewers,ou=llm"],
    operators: ["arn:aws:iam::111122223333:role/operators"],
    breakGlass: ["0b0e5a4c-7d2e-4a51-9a1c-000000000000"],
  };
  t.deepEqual(accessSchema.parse(groups), groups);
});

test("groups of Kubernetes itself are refused", (t) => {
  t.deepEqual(faults({ viewers: ["system:authenticated"], breakGlass: ["system:masters"] }), [
    'viewers[0]: "system:authenticated" belongs to Kubernetes itself and cannot be limited to people; name a group of the identity provider',
    'breakGlass[0]: "system:masters" belongs to Kubernetes itself and cannot be limited to people; name a group of the identity provider',
  ]);
  fc.assert(
    fc.property(fc.string(), (rest) => {
      t.not(faults({ operators: [`system:${rest}`] }).length, 0);
    }),
  );
});

test("a group that nobody could be in is refused", (t) => {
  t.deepEqual(faults({ operators: ["", " llm-operators"] }), [
    'operators[0]: "" is empty or has spaces around it; give the name exactly as the identity provider reports it',
    'operators[1]: " llm-operators" is empty or has spaces around it; give the name exactly as the identity provider reports it',
  ]);
});

test("a group named twice is refused", (t) => {
  t.deepEqual(faults({ viewers: ["llm", "other", "llm"] }), [
    'viewers[2]: "llm" is named twice; remove one',
  ]);
});

test("a group of daily work cannot break the glass", (t) => {
  t.deepEqual(faults({ operators: ["llm"], breakGlass: ["urgent", "llm"] }), [
    'breakGlass[1]: "llm" is also a group of daily work; break-glass needs a group of its own',
  ]);
});

test("an unknown role is refused", (t) => {
  t.deepEqual(faults({ admins: ["llm"] }), [': Unrecognized key: "admins"']);
});
