import * as k8s from "@pulumi/kubernetes";
import * as random from "@pulumi/random";
import { Gateway, type GatewayArgs } from "../../components/gateway/gateway.ts";
import type { GatewayConfig } from "../../components/lib/stack/gateway.ts";
import { gatewayConfig } from "../policies/gateway-graph.ts";
import { one } from "./eks-fixture.ts";
import { deploy } from "./lib/deploy.ts";
import { at, list } from "./lib/look.ts";

const digest = `sha256:${"ab".repeat(32)}`;
export const images = {
  proxy: `registry.example.internal/docker.io/envoyproxy/envoy@${digest}`,
  controller: `registry.example.internal/private-llm/route-controller@${digest}`,
};

export const config = gatewayConfig;

/** The classes of one kind alone. */
export function only(dataClass: "public" | "restricted"): GatewayConfig {
  const taskClasses = config.taskClasses.filter((each) => each.dataClass === dataClass);
  return { ...config, taskClasses };
}

/** A program with one gateway; `change` replaces arguments of the fixture. */
export function program(change: Partial<GatewayArgs> = {}) {
  return () => {
    const providers = [new k8s.Provider("site", {}), new random.Provider("random")];
    const gateway = new Gateway(
      "gateway",
      {
        namespace: "gateway",
        inferenceNamespace: "inference",
        config,
        controllerAddress: "10.96.0.32",
        limitsAddress: "10.96.0.33",
        models: [{ name: "llama", servedName: "llama", apiKey: "engine-key" }],
        saltsTeams: false,
        images,
        ...change,
      },
      { providers },
    );
    return { endpoints: gateway.endpoints };
  };
}

export const proxies = ["open", "closed", "egress"] as const;
export type ProxyName = (typeof proxies)[number];

export async function pod(part: ProxyName | "routes", change: Partial<GatewayArgs> = {}) {
  const { inputs } = one(await deploy(program(change)), "Deployment", `gateway-${part}`);
  return at(inputs, "spec", "template", "spec");
}

export async function container(part: ProxyName | "routes", change: Partial<GatewayArgs> = {}) {
  const [first, ...more] = list(await pod(part, change), "containers");
  if (more.length > 0) throw new Error("the pod has more than one container");
  return first;
}
