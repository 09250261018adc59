import test from "ava";
import { one } from "./eks-fixture.ts";
import { at } from "./lib/look.ts";
import { deployStack } from "./lib/platform-stack.ts";

const autoscaling = { minReplicas: 1, maxReplicas: 2, waitingPerReplica: 25 };

test("an autoscaled model of a stack asks the stack's own Prometheus, and one replica may be all there is", async (t) => {
  const deployed = await deployStack("prod", (stack) => ({
    ...stack,
    models: stack.models.map((model) => ({ ...model, autoscaling })),
  }));
  const trigger = at(one(deployed, "ScaledObject").inputs, "spec", "triggers", 0, "metadata");
  t.is(at(trigger, "serverAddress"), "http://prometheus-stack-prometheus.monitoring.svc:9090");
  t.like(at(deployed.outputs, "models", 0), { rollout: "interrupts" });
});

test("where the Prometheus is somebody else's, KEDA asks at the address that the stack gives", async (t) => {
  const prometheusUrl = "http://prometheus.observability.svc:9090";
  const deployed = await deployStack("prod", (stack) => ({
    ...stack,
    monitoring: { kind: "existing", prometheusUrl },
    models: stack.models.map((model) => ({ ...model, autoscaling })),
  }));
  const trigger = at(one(deployed, "ScaledObject").inputs, "spec", "triggers", 0, "metadata");
  t.is(at(trigger, "serverAddress"), prometheusUrl);
});
