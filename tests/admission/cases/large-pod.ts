import { container, largePodContainers, object, podSpec, type Sent } from "../support/objects.ts";

/** As large as a workload gets: the limits on what evaluation may cost must not be met by sound ones. */
export const largePod: Sent = object("apps/v1", "Deployment", "large", {
  spec: {
    selector: { matchLabels: { app: "large" } },
    template: {
      metadata: { labels: { app: "large" } },
      spec: {
        ...podSpec,
        containers: largePodContainers.map((name) => ({
          ...container,
          name,
          command: ["tool", ...Array.from({ length: 60 }, (__, word) => `--setting-${word}=value`)],
          env: Array.from({ length: 80 }, (__, entry) => ({
            name: `NAME_${entry}`,
            value: "value",
          })),
          volumeMounts: Array.from({ length: 20 }, (__, mount) => ({
            name: `v${mount}`,
            mountPath: `/v${mount}`,
          })),
        })),
        volumes: Array.from({ length: 20 }, (_, index) => ({
          name: `v${index}`,
          emptyDir: { medium: "Memory", sizeLimit: "1Mi" },
        })),
      },
    },
  },
});
