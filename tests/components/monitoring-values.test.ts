import test from "ava";
import { mirroredImage, registryPath } from "../../components/lib/images.ts";
import { at, entries, text } from "./lib/look.ts";
import { publicImages, registry } from "./lib/pinned.ts";
import { images, values } from "./monitoring-fixture.ts";

test("no value of the chart leads to a public registry", (t) => {
  t.deepEqual(publicImages(values(), registryPath(registry)), []);
});

/** Images of the values, joined as the charts do. */
function joined(node: unknown): string[] {
  if (typeof node !== "object" || node === null) return [];
  if (!("repository" in node)) return Object.values(node).flatMap(joined);
  const path = `${text(node, "registry")}/${text(node, "repository")}`;
  const sha = at(node, "digest") ?? at(node, "sha");
  return [`${path}@${String(sha).replace(/^(?!sha256:)/, "sha256:")}`];
}

test("every image that the chart runs is pinned by the digest of the lock", (t) => {
  const { prometheusOperator, ...others } = values();
  const { thanosImage: _, ...operator } = prometheusOperator;
  t.deepEqual(
    joined({ operator, others }).toSorted(),
    Object.values(images)
      .map((image) => mirroredImage(image, registry))
      .toSorted(),
  );
});

test("each chart gets its digest in the form that it joins", (t) => {
  const { prometheusOperator, grafana, ...others } = values();
  t.regex(prometheusOperator.image.sha, /^[0-9a-f]{64}$/);
  t.regex(grafana.image.sha, /^[0-9a-f]{64}$/);
  t.regex(others["kube-state-metrics"].image.sha, /^sha256:[0-9a-f]{64}$/);
  t.regex(others["prometheus-node-exporter"].image.digest, /^sha256:[0-9a-f]{64}$/);
});

test("no chart changes a tag that the lock has resolved", (t) => {
  t.false(values()["prometheus-node-exporter"].image.distroless);
});

test("Thanos, which nothing here starts, would not come from outside either", (t) => {
  const { thanosImage } = values().prometheusOperator;
  t.is(
    `${thanosImage.registry}/${thanosImage.repository}`,
    "registry.example.internal:5000/mirror/quay.io/thanos/thanos",
  );
});

test("nothing depends on what a hook of the chart would make", (t) => {
  const { prometheusOperator, crds, grafana } = values();
  t.false(prometheusOperator.admissionWebhooks.enabled);
  t.false(prometheusOperator.tls.enabled);
  t.false(crds.upgradeJob.enabled);
  t.true(crds.enabled);
  t.false(grafana.testFramework.enabled);
  t.false(grafana.initChownData.enabled);
});

test("Grafana asks the outside for nothing", (t) => {
  t.deepEqual(values().grafana["grafana.ini"], {
    analytics: {
      reporting_enabled: false,
      check_for_updates: false,
      check_for_plugin_updates: false,
      feedback_links_enabled: false,
    },
    news: { news_feed_enabled: false },
    security: { disable_gravatar: true },
    snapshots: { external_enabled: false },
    plugins: { preinstall_disabled: true, public_key_retrieval_disabled: true },
  });
});

test("Prometheus selects monitors and rules that carry no label of the chart", (t) => {
  const nilUsesHelm = entries(values().prometheus.prometheusSpec).filter(([key]) =>
    key.endsWith("SelectorNilUsesHelmValues"),
  );
  t.is(nilUsesHelm.length, 5);
  for (const [key, value] of nilUsesHelm) t.is(value, false, key);
});

test("metrics are kept on a volume of the class given", (t) => {
  const { storageSpec, retention } = values().prometheus.prometheusSpec;
  t.is(storageSpec.volumeClaimTemplate.spec.storageClassName, "fast");
  t.is(retention, "30d");
});
