import test from "ava";
import { egressPorts } from "../../components/gateway/egress-ports.ts";

const names = Array.from({ length: 400 }, (_, index) => `external-provider-model-${index}`);

test("another provider moves nobody's port", (t) => {
  const few = egressPorts(["external-openai-gpt-4-turbo"]);
  const more = egressPorts(["external-azure-gpt-4", "external-openai-gpt-4-turbo"]);
  t.is(more.get("external-openai-gpt-4-turbo"), few.get("external-openai-gpt-4-turbo"));
  t.is(new Set(more.values()).size, 2);
});

test("ports are above those of the pods and below those of clients", (t) => {
  for (const name of names.slice(0, 50)) {
    const [port = 0] = egressPorts([name]).values();
    t.true(port >= 10_100 && port < 32_768, `${name}: ${port}`);
  }
});

test("two clusters that would share a port are refused by name", (t) => {
  const byPort = Map.groupBy(names, (name) => egressPorts([name]).get(name));
  const shared = [...byPort.values()].find(({ length }) => length > 1) ?? [];
  t.true(shared.length > 1);
  t.throws(() => egressPorts(shared), { message: /would share port \d+; give one of/ });
});
