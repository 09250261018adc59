import fc from "fast-check";

/** Whether a random stack is as the schema wants it, or has one fault. */
const name = fc.stringMatching(/^[a-z]([a-z0-9-]{0,10}[a-z0-9])?$/);
const names = (most: number) => fc.uniqueArray(name, { minLength: 1, maxLength: most });
const modelName = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,30}$/);
const host = fc.tuple(name, name).map(([first, second]) => `${first}.${second}.example`);

const reach = fc.oneof(
  fc.record({
    kind: fc.constant("forward-proxy"),
    address: fc.constantFrom("10.20.0.5", "fd00::5"),
    port: fc.integer({ min: 1, max: 65_535 }),
  }),
  fc.constant({ kind: "internet" }),
);
const api = fc.oneof(
  fc.record({
    kind: fc.constant("openai"),
    basePath: fc.constantFrom("/v1", "/openai/v1", "/api/v1beta.2"),
  }),
  fc.record({
    kind: fc.constant("azure-openai"),
    apiVersion: fc.constantFrom("2024-10-21", "preview"),
  }),
);

const providers = (all: readonly string[]) =>
  fc.tuple(
    ...all.map((each) =>
      fc.record({
        name: fc.constant(each),
        host,
        port: fc.integer({ min: 1, max: 65_535 }),
        api,
        keySecret: name,
        reach,
      }),
    ),
  );

const localBackend = (models: readonly string[]) =>
  fc.record({ kind: fc.constant("local" as const), name, model: fc.constantFrom(...models) });
const anyBackend = (models: readonly string[], outside: readonly string[]) =>
  fc.oneof(
    localBackend(models),
    fc.record({
      kind: fc.constant("external" as const),
      name,
      provider: fc.constantFrom(...outside),
      model: modelName,
    }),
  );

function taskClass(each: string, models: readonly string[], outside: readonly string[]) {
  const common = {
    name: fc.constant(each),
    criticality: fc.constantFrom("non-critical", "medium", "critical"),
    latencyBudgetSeconds: fc.integer({ min: 1, max: 600 }),
  };
  const own = { selector: (backend: { readonly name: string }) => backend.name, minLength: 1 };
  return fc.oneof(
    fc.record({
      ...common,
      dataClass: fc.constant("public"),
      failover: fc.boolean(),
      backends: fc.uniqueArray(anyBackend(models, outside), { ...own, maxLength: 4 }),
    }),
    fc.record({
      ...common,
      dataClass: fc.constantFrom("internal", "restricted"),
      backends: fc.uniqueArray(localBackend(models), { ...own, maxLength: 3 }),
    }),
  );
}

/** A gateway as in a stack file, and the models of its stack. */
export const randomStack = fc
  .tuple(names(3), names(3), names(5))
  .chain(([models, outside, classes]) =>
    fc.record({
      models: fc.tuple(
        ...models.map((each) => fc.record({ name: fc.constant(each), servedName: name })),
      ),
      gateway: fc.record({
        publicModel: name,
        tls: fc.constant({ kind: "secret", secret: "gateway-tls" }),
        clients: fc.constant([{ namespace: "applications" }]),
        phase: fc.constantFrom("poc", "canary", "expand", "full", "hybrid"),
        providers: providers(outside),
        taskClasses: fc.tuple(...classes.map((each) => taskClass(each, models, outside))),
      }),
    }),
  );
