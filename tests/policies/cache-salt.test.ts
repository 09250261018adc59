import test from "ava";
import { gatewayFiles, type ProxyFiles } from "../../components/gateway/envoy/files.ts";
import type { GatewayPlan } from "../../components/gateway/envoy/plan.ts";
import { graphOf } from "../../policies/model/graph.ts";
import type { Resource } from "../../policies/model/resource.ts";
import { at, type Value } from "../../policies/model/value.ts";
import { evaluate } from "../../policies/runner.ts";
import { goodPlan } from "../gateway/support/plan.ts";
import { changed, goodResources, kube, replaceAt, settings } from "./good-graph.ts";
import { envoyMap, goodEnvoy, managerSteps } from "./mutants/envoy-document.ts";
import { engine } from "./mutants/mutant.ts";

const command = at(
  goodResources.find(({ name }) => name === "llama")?.properties,
  ...engine,
  "command",
);
const words: readonly Value[] = Array.isArray(command) ? command : [];

/** Findings of A09 on an engine that keeps beginnings of prompts, behind these gateways. */
function found(...gateways: readonly Resource[]): number {
  const on = words.filter((word) => word !== "--no-enable-prefix-caching");
  const resources = changed("Deployment/llama", [...engine, "command"], on);
  const { findings } = evaluate(graphOf([...resources, ...gateways]), settings);
  return findings.filter(({ policy }) => policy === "A09").length;
}

test("without a gateway nothing salts", (t) => {
  t.is(found(), 1);
});

test("a gateway whose script salts every request lets engines keep their cache of prefixes", (t) => {
  t.is(found(envoyMap(goodEnvoy)), 0);
  const silent = replaceAt(goodEnvoy, [...managerSteps, "http_filters", 1], {
    name: "envoy.filters.http.lua",
    typed_config: { default_source_code: { inline_string: "local salt = body.cache_salt" } },
  });
  t.is(found(envoyMap(silent)), 1);
  // One proxy that does not salt is enough for a tenant to be told of another.
  const second = { ...envoyMap(silent), name: "second", urn: "second" };
  t.is(found(envoyMap(goodEnvoy), second), 1);
});

test("a gateway that puts the team of each request into its body salts it", (t) => {
  const salting = (cache_salt: string, more: object = {}, action = "MERGE") =>
    replaceAt(goodEnvoy, [...managerSteps, "http_filters", 1], {
      name: "salt",
      typed_config: {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.transform.v3.TransformConfig",
        request_transformation: {
          body_transformation: { body_format: { json_format: { cache_salt } }, action },
        },
      },
      ...more,
    });
  const salted = (envoy: Value) => found(envoyMap(envoy));
  const team = "%DYNAMIC_METADATA(private_llm:team)%";
  t.is(salted(salting(team)), 0);
  // The same for everybody, none at all, or one that a request does not get.
  for (const salt of ["house", "", "%HOSTNAME%", "%ENVIRONMENT(X)%"])
    t.is(salted(salting(salt)), 1, salt);
  t.is(salted(salting(team, { disabled: true })), 1);
  t.is(salted(salting(team, {}, "REPLACE")), 1);
});

test("the product's own proxies salt every request where their plan says so, and where none leads out", (t) => {
  const proxies = (plan: GatewayPlan) => {
    const maps = Object.entries(gatewayFiles(plan)).map(([proxy, files]: [string, ProxyFiles]) => ({
      ...kube("core/v1:ConfigMap", proxy, "gateway", { data: { ...files } }),
      urn: proxy,
    }));
    return found(...maps);
  };
  const taskClasses = goodPlan.gateway.taskClasses.flatMap((one) =>
    one.backends.some(({ kind }) => kind === "external") ? [] : [one],
  );
  const inside = { ...goodPlan, gateway: { ...goodPlan.gateway, providers: [], taskClasses } };
  t.is(proxies({ ...inside, saltsTeams: true }), 0);
  t.is(proxies(inside), 1);
  // A salt cannot be taken out again, and the egress gateway adds none.
  t.is(proxies({ ...goodPlan, saltsTeams: true }), 1);
});
