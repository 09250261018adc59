import { controllerDeployment } from "../../components/gateway/controller-deployment.ts";
import { gatewayEdges } from "../../components/gateway/edges.ts";
import { gatewayFiles } from "../../components/gateway/envoy/files.ts";
import {
  counterDeployment,
  podCounterConfig,
} from "../../components/gateway/limits/counter-deployment.ts";
import { serviceConfig } from "../../components/gateway/limits/service-config.ts";
import { limitsDeployment } from "../../components/gateway/limits/service-deployment.ts";
import {
  closedGateway,
  egressGateway,
  limitsCounter,
  limitsService,
  openGateway,
  ports,
} from "../../components/gateway/names.ts";
import {
  budget,
  configurationMap,
  controllerService,
  desiredMap,
  egressService,
  partMetadata,
  pinnedService,
  proxyService,
} from "../../components/gateway/objects.ts";
import { proxyDeployment } from "../../components/gateway/proxy-deployment.ts";
import { denyAll, halves } from "../../components/isolation/network-policies.ts";
import { type GatewayConfig, gatewaySchema } from "../../components/lib/stack/gateway.ts";
import { limitsSchema } from "../../components/lib/stack/limits.ts";
import type { Resource } from "../../policies/model/resource.ts";
import { at, isArray, isObject, type Value, type ValueObject } from "../../policies/model/value.ts";
import { goodResources, kube, replaceAt } from "./good-graph.ts";

const namespace = "gateway";
const digest = `sha256:${"ab".repeat(32)}`;
const controllerAddress = "10.96.0.32";

/** A gateway with a class that may leave and one that may not. */
export const gatewayConfig: GatewayConfig = parsed({
  publicModel: "private-llm",
  phase: "canary",
  tls: { kind: "secret", secret: "certificate" },
  clients: [{ namespace: "apps" }, { cidr: "10.30.4.0/24" }],
  providers: [
    {
      name: "openai",
      host: "api.openai.com",
      api: { kind: "openai" },
      keySecret: "provider-openai",
      reach: { kind: "forward-proxy", address: "10.30.0.10", port: 3128 },
    },
  ],
  taskClasses: [
    {
      name: "support",
      criticality: "medium",
      dataClass: "public",
      failover: true,
      backends: [
        { kind: "local", name: "own", model: "llama" },
        { kind: "external", name: "openai", provider: "openai", model: "gpt-4-turbo" },
      ],
    },
    {
      name: "contracts",
      criticality: "critical",
      dataClass: "restricted",
      backends: [{ kind: "local", name: "own", model: "llama" }],
    },
  ],
});

function parsed(given: unknown): GatewayConfig {
  const config = gatewaySchema.parse(given);
  if (config === undefined) throw new Error("the fixture is no gateway");
  return config;
}

const limits = limitsSchema.parse({
  externalMonthlyUsd: 2500,
  everyTeam: { requestsPerMinute: 600, tokensPerMinute: 400_000, monthlyUsd: 500 },
});
/** The same with limits, as the graph has it. */
const limited: GatewayConfig = { ...gatewayConfig, limits };
const limitsAddress = "10.96.0.33";
const counterAddress = "10.96.0.34";

const { open, closed, egress } = gatewayFiles({
  gateway: limited,
  controllerAddress,
  limitsAddress,
  models: [{ name: "llama", servedName: "llama" }],
});

const proxies = [
  { proxy: openGateway, files: open ?? {} },
  { proxy: closedGateway, files: closed ?? {} },
  { proxy: egressGateway, files: egress ?? {} },
] as const;

const edges = gatewayEdges(limited, {
  namespace,
  engine: () => ({ namespace: "inference", labels: { app: "llama" } }),
  enginePort: 8000,
  prometheus: { namespace: "monitoring" },
  apiServer: { cidrs: ["10.10.0.0/16", "10.96.0.0/16"], ports: [443, 6443] },
});

/** As the API server gets it. */
function made(type: string, args: object): Resource {
  const body = plain(args);
  const metadata = isObject(body["metadata"]) ? body["metadata"] : {};
  const name = word(metadata["name"]);
  const place = metadata["namespace"];
  return kube(type, name, typeof place === "string" ? place : undefined, body);
}

function plain(value: unknown): ValueObject {
  return JSON.parse(JSON.stringify(value));
}

const policy = "networking.k8s.io/v1:NetworkPolicy";

/** The good graph with the product's own gateway in the place of another one. */
export const goodGateway: readonly Resource[] = [
  ...goodResources.filter(({ name }) => name !== "proxy" && name !== "from-gateway"),
  made("core/v1:ConfigMap", desiredMap(gatewayConfig, [], namespace)),
  made(policy, denyAll(namespace)),
  ...edges.flatMap(halves).map((half) => made(policy, half.policy)),
  ...proxies.flatMap(({ proxy, files }) => [
    made("core/v1:ConfigMap", configurationMap(proxy, namespace, files)),
    made(
      "apps/v1:Deployment",
      proxyDeployment({
        proxy,
        namespace,
        config: limited,
        image: `registry.internal/llm/envoy@${digest}`,
        files,
      }),
    ),
    made(
      "core/v1:Service",
      proxy === egressGateway
        ? egressService(gatewayConfig, namespace)
        : proxyService(proxy, namespace),
    ),
  ]),
  made(
    "apps/v1:Deployment",
    controllerDeployment({
      namespace,
      inferenceNamespace: "inference",
      image: `registry.internal/llm/route-controller@${digest}`,
    }),
  ),
  made("core/v1:Service", controllerService(namespace, controllerAddress)),
  ...counting(),
];

/** The rate-limit service and its counter. */
function counting(): readonly Resource[] {
  const metadata = (name: typeof limitsService | typeof limitsCounter) => ({
    name,
    ...partMetadata(name, namespace),
  });
  const config = serviceConfig(limits);
  const image = `registry.internal/llm/ratelimit@${digest}`;
  return [
    made("core/v1:ConfigMap", {
      metadata: metadata(limitsService),
      data: { "limits.yaml": config },
    }),
    made("core/v1:ConfigMap", {
      metadata: metadata(limitsCounter),
      data: { "redis.conf": podCounterConfig },
    }),
    made("apps/v1:Deployment", limitsDeployment({ namespace, image, counterAddress, config })),
    made(
      "core/v1:Service",
      pinnedService(limitsService, namespace, limitsAddress, { name: "grpc", port: ports.limits }),
    ),
    made("policy/v1:PodDisruptionBudget", budget(limitsService, namespace)),
    made(
      "apps/v1:Deployment",
      counterDeployment({
        namespace,
        image: `registry.internal/llm/redis@${digest}`,
        claim: limitsCounter,
      }),
    ),
    made(
      "core/v1:Service",
      pinnedService(limitsCounter, namespace, counterAddress, {
        name: "redis",
        port: ports.counter,
      }),
    ),
  ];
}

/** A copy with another value at the path of one object, as `Kind/name`. */
export function gatewayChanged(
  target: string,
  path: readonly (string | number)[],
  value: Value | undefined,
): readonly Resource[] {
  return changedBy(target, (properties) => replaceAt(properties, path, value));
}

/** A copy with another value at the path of a document that an object holds as text. */
export function documentChanged(
  map: string,
  key: string,
  path: readonly (string | number)[],
  value: Value | undefined,
): readonly Resource[] {
  return changedBy(`ConfigMap/${map}`, (properties) => {
    const data = isObject(properties["data"]) ? properties["data"] : {};
    const document: Value = JSON.parse(word(data[key]));
    const text = JSON.stringify(replaceAt(document, path, value));
    return replaceAt(properties, ["data", key], text);
  });
}

function changedBy(target: string, change: (properties: ValueObject) => Value): Resource[] {
  let hits = 0;
  const resources = goodGateway.map((each) => {
    if (`${each.type.split(":").at(-1)}/${each.name}` !== target) return each;
    hits += 1;
    const properties = change(each.properties);
    return isObject(properties) ? { ...each, properties } : each;
  });
  if (hits !== 1) throw new Error(`${target} names ${hits} objects of the good gateway, not one`);
  return resources;
}

/** A document that an object of the good gateway holds as text. */
export function documentOf(map: string, key: string): Value {
  const object = goodGateway.find(({ type, name }) => type.endsWith(":ConfigMap") && name === map);
  const data = object?.properties["data"];
  return JSON.parse(word(isObject(data) ? data[key] : undefined));
}

/** Index of the first element of a list in a document for which something holds. */
export function placeIn(
  map: string,
  key: string,
  list: readonly (string | number)[],
  holds: (element: ValueObject) => boolean,
): number {
  const here = at(documentOf(map, key), ...list);
  const place = isArray(here) ? here.findIndex((one) => isObject(one) && holds(one)) : -1;
  if (place < 0) throw new Error(`nothing such in ${list.join(".")} of ${map}`);
  return place;
}

function word(value: Value | undefined): string {
  if (typeof value === "string") return value;
  throw new Error("the fixture has no text where one belongs");
}
