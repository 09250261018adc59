import test from "ava";
import { countsText, summaryText } from "../../deploy/summary.ts";
import { entry } from "./support/plan.ts";

const ready = (text: string) => ({ state: "ready", text }) as const;

test("the summary says what runs where, what is simulated and how to reach it", (t) => {
  const text = summaryText({
    stack: "dev",
    server: "https://127.0.0.1:6443",
    objects: [
      { entry: entry("Node", "gpu-1", { namespace: undefined }), readiness: ready("Ready") },
      { entry: entry("Secret", "key"), readiness: ready("") },
      { entry: entry("Service", "llama"), readiness: ready("") },
      {
        entry: entry("Deployment", "llama", { namespace: "inference" }),
        readiness: ready("1/1 ready"),
      },
    ],
    processes: ["etcd (process 7)", "kwok (process 9)"],
    simulated: true,
    endpoints: ["llama.inference.svc:8000 (http)"],
    calls: [],
    secrets: ["Secret default/key (key api-key)"],
    kubectl: "kubectl --kubeconfig /k",
    counts: "4 created",
  });
  t.is(
    text,
    `Stack dev on https://127.0.0.1:6443: 4 created

  NAMESPACE  KIND        NAME   STATE
  -          Node        gpu-1  Ready
  default    Service     llama  exists
  inference  Deployment  llama  1/1 ready

  and 1 more: 1 Secret

Real:       etcd (process 7), kwok (process 9)
Simulated:  GPU nodes, volumes and all containers; scheduling, admission and rollout are Kubernetes' own,
            but no model runs: readiness here says nothing about a container

Endpoints inside the cluster:
  llama.inference.svc:8000 (http)

Generated keys are in:
  Secret default/key (key api-key)

Reach it with:
  kubectl --kubeconfig /k get pods --all-namespaces`,
  );
});

test("a run that had nothing to do says so", (t) => {
  t.is(
    countsText({ created: 0, changed: 0, unchanged: 20, pruned: 0 }),
    "nothing to change, 20 objects are as the stack wants them",
  );
  t.is(
    countsText({ created: 1, changed: 2, unchanged: 3, pruned: 4 }),
    "1 created, 2 changed, 3 unchanged, 4 pruned",
  );
});
