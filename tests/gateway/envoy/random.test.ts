import test from "ava";
import fc from "fast-check";
import { gatewayFiles } from "../../../components/gateway/envoy/files.ts";
import { gatewaySchema } from "../../../components/lib/stack/gateway.ts";
import { temporaryFolder } from "../../support/temporary.ts";
import { goodGateway, parsedGateway } from "../support/plan.ts";
import { randomStack } from "../support/random-gateway.ts";
import { envoyFaults } from "../support/validate.ts";

/** Random names may happen to be two for one cluster, which the schema refuses. */
const possibleStack = randomStack.filter(({ gateway }) => gatewaySchema.safeParse(gateway).success);

test("Envoy takes what any valid stack renders, and closed classes name no outside", async (t) => {
  const folder = await temporaryFolder(t);
  await fc.assert(
    fc.asyncProperty(possibleStack, async ({ gateway, models }) => {
      const plan = {
        gateway: parsedGateway(gateway),
        controllerAddress: "10.96.0.32",
        limitsAddress: "10.96.0.33",
        models,
      };
      const { closed = {} } = gatewayFiles(plan);
      const outside = /"(?:external|provider|inner)-|provider-keys|egress-key|\.example/;
      t.false(outside.test(JSON.stringify(closed)));
      t.deepEqual(await envoyFaults(folder, plan), []);
    }),
    { numRuns: 30 },
  );
});

const faults: Readonly<Record<string, object>> = {
  "a closed class with a provider": {
    taskClasses: [
      {
        ...goodGateway.taskClasses[3],
        backends: [{ kind: "external", name: "out", provider: "openai", model: "gpt-5" }],
      },
    ],
  },
  "a closed class that fails over": {
    taskClasses: [{ ...goodGateway.taskClasses[2], failover: true }],
  },
  "a provider that is not listed": { providers: [] },
  "a host name with a path": {
    providers: [
      { ...goodGateway.providers[0], host: "api.openai.com/x" },
      goodGateway.providers[1],
    ],
  },
  "a host name with a wildcard": {
    providers: [{ ...goodGateway.providers[0], host: "*.openai.com" }, goodGateway.providers[1]],
  },
  "a model name with a quote": {
    taskClasses: [
      {
        ...goodGateway.taskClasses[0],
        backends: [{ kind: "external", name: "out", provider: "openai", model: 'a","b":"c' }],
      },
    ],
  },
  "a model name with a formatter's sign": {
    taskClasses: [
      {
        ...goodGateway.taskClasses[0],
        backends: [{ kind: "external", name: "out", provider: "openai", model: "%REQ(x)%" }],
      },
    ],
  },
  "a class name with a slash": {
    taskClasses: [{ ...goodGateway.taskClasses[0], name: "chat/blue" }],
  },
  "two models that become one cluster": {
    taskClasses: [
      {
        ...goodGateway.taskClasses[0],
        backends: [
          { kind: "external", name: "one", provider: "openai", model: "gpt-5" },
          { kind: "external", name: "two", provider: "openai", model: "gpt.5" },
        ],
      },
    ],
  },
  "two providers that become one cluster": {
    providers: [goodGateway.providers[0], { ...goodGateway.providers[0], name: "openai-gpt" }],
    taskClasses: [
      {
        ...goodGateway.taskClasses[0],
        backends: [
          { kind: "external", name: "one", provider: "openai", model: "gpt-5" },
          { kind: "external", name: "two", provider: "openai-gpt", model: "5" },
        ],
      },
    ],
  },
  "a version with an ampersand": {
    providers: [
      goodGateway.providers[0],
      { ...goodGateway.providers[1], api: { kind: "azure-openai", apiVersion: "1&x=2" } },
    ],
  },
};

for (const [name, fault] of Object.entries(faults)) {
  test(`the schema refuses ${name}, so it never reaches Envoy`, (t) => {
    t.true(gatewaySchema.safeParse(goodGateway).success);
    t.false(gatewaySchema.safeParse({ ...goodGateway, ...fault }).success);
  });
}
