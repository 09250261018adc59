import type { Leak } from "../leak.ts";
import { add, all, edit, kube } from "../support/change.ts";
import { append, merge, set } from "../support/edit.ts";
import { engine, enginePod, model } from "../support/engine.ts";
import { engineLabels } from "../support/objects.ts";

const rbac = "rbac.authorization.k8s.io";

/** The API server as a relay, and doors from outside to the engine. Rows 25 and 26. */
export const exposure: readonly Leak[] = [
  {
    row: 25,
    title: "The API server carries data for whoever holds a token and a right",
    catchers: ["W03", "W06"],
    column: "policy",
    variants: [
      {
        name: "pod-proxy",
        title: "viewers may look at a dashboard through the API server's proxy to pods",
        stack: "prod",
        change: edit(
          "Role",
          "access-inference-viewer",
          append("rules", {
            apiGroups: [""],
            resources: ["pods/proxy", "services/proxy"],
            verbs: ["get", "create"],
          }),
        ),
      },
      {
        name: "node-proxy",
        title: "the account of a monitoring agent reaches every kubelet, and so every container",
        stack: "prod",
        change: add(
          kube(`${rbac}/v1`, "ClusterRole", "node-metrics", {
            rules: [{ apiGroups: [""], resources: ["nodes/proxy"], verbs: ["get", "create"] }],
          }),
          kube(`${rbac}/v1`, "ClusterRoleBinding", "node-metrics", {
            roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "node-metrics" },
            subjects: [
              {
                kind: "ServiceAccount",
                name: "prometheus-stack-operator",
                namespace: "monitoring",
              },
            ],
          }),
        ),
      },
      {
        name: "writes-config-maps",
        title: "the engine's own account writes ConfigMaps that others read",
        stack: "staging",
        change: all(
          add(
            kube(`${rbac}/v1`, "Role", "inference/leader", {
              rules: [
                {
                  apiGroups: ["", "coordination.k8s.io"],
                  resources: ["configmaps", "leases", "events"],
                  verbs: ["create", "update", "patch"],
                },
              ],
            }),
            kube(`${rbac}/v1`, "RoleBinding", "inference/leader", {
              roleRef: { apiGroup: rbac, kind: "Role", name: "leader" },
              subjects: [{ kind: "ServiceAccount", name: model, namespace: "inference" }],
            }),
          ),
          enginePod(set("spec.automountServiceAccountToken", true)),
        ),
      },
      {
        name: "everything",
        title: "a role with stars for the operators",
        stack: "prod",
        change: edit(
          "Role",
          "access-inference-operator",
          append("rules", { apiGroups: ["*"], resources: ["*"], verbs: ["*"] }),
        ),
      },
      {
        name: "webhook-outside",
        title: "every pod, with its arguments and variables, is shown to a service outside",
        stack: "staging",
        change: add(
          kube("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", "scanner", {
            webhooks: [
              {
                name: "scan.vendor.example.com",
                clientConfig: { url: "https://scan.vendor.example.com/review" },
                admissionReviewVersions: ["v1"],
                sideEffects: "None",
                failurePolicy: "Ignore",
                rules: [
                  {
                    apiGroups: [""],
                    apiVersions: ["v1"],
                    operations: ["CREATE"],
                    resources: ["pods"],
                  },
                ],
              },
            ],
          }),
        ),
      },
    ],
  },
  {
    row: 26,
    title: "A door from outside to the engine, past the gateway",
    catchers: ["E14"],
    column: "policy",
    variants: [
      {
        name: "node-port",
        title: "the engine's Service opens a port on every node",
        stack: "prod",
        change: edit("Service", model, set("spec.type", "NodePort")),
      },
      {
        name: "load-balancer",
        title: "a second Service for the same pods, with a load balancer",
        stack: "staging",
        change: add(
          kube("v1", "Service", "inference/demo", {
            spec: {
              type: "LoadBalancer",
              selector: engineLabels,
              ports: [{ port: 443, targetPort: 8000, protocol: "TCP" }],
            },
          }),
        ),
      },
      {
        name: "ingress",
        title: "an Ingress that leads to the engine",
        stack: "prod",
        change: add(
          kube("networking.k8s.io/v1", "Ingress", "inference/demo", {
            spec: {
              ingressClassName: "nginx",
              rules: [
                {
                  host: "llm.example.internal",
                  http: {
                    paths: [
                      {
                        path: "/",
                        pathType: "Prefix",
                        backend: { service: { name: model, port: { number: 8000 } } },
                      },
                    ],
                  },
                },
              ],
            },
          }),
        ),
      },
      {
        name: "route",
        title: "a route of the Gateway API that leads to the engine",
        stack: "staging",
        unserved: "the definitions of the Gateway API are in no pinned module",
        change: add(
          kube("gateway.networking.k8s.io/v1", "HTTPRoute", "inference/demo", {
            spec: {
              parentRefs: [{ name: "shared", namespace: "edge" }],
              rules: [{ backendRefs: [{ name: model, port: 8000 }] }],
            },
          }),
        ),
      },
      {
        name: "host-port",
        title: "the engine's port is a port of its node",
        stack: "prod",
        change: engine(merge("ports[0]", { hostPort: 8000 })),
      },
    ],
  },
];
