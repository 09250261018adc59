import test from "ava";
import { gatewayFiles } from "../../../components/gateway/envoy/files.ts";
import { temporaryFolder } from "../../support/temporary.ts";
import { goodPlan } from "../support/plan.ts";
import { envoyFaults } from "../support/validate.ts";

test("Envoy takes every configuration, without a warning", async (t) => {
  const { open, closed, egress } = gatewayFiles(goodPlan);
  t.truthy(open);
  t.truthy(closed);
  t.truthy(egress);
  t.deepEqual(await envoyFaults(await temporaryFolder(t), goodPlan), []);
});

test("a configuration with a field that Envoy does not know is seen", async (t) => {
  const { open = {} } = gatewayFiles(goodPlan);
  const text = (open["envoy.json"] ?? "").replace('"connect_timeout"', '"connect_timeoutt"');
  const broken = { open: { ...open, "envoy.json": text }, closed: undefined, egress: undefined };
  const [fault = ""] = await envoyFaults(await temporaryFolder(t), goodPlan, broken);
  t.regex(fault, /connect_timeoutt/);
});
