import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { customResource } from "../lib/custom-resource.ts";
import type { GatewayConfig } from "../lib/stack/gateway.ts";
import { type Certificate, certificate } from "./certificate.ts";
import { controllerDeployment } from "./controller-deployment.ts";
import { gatewayFiles, type ProxyFiles } from "./envoy/files.ts";
import {
  certificateSecret,
  closedGateway,
  egressGateway,
  openGateway,
  ports,
  routeController,
  statusConfigMap,
} from "./names.ts";
import {
  account,
  autoscaler,
  budget,
  configurationMap,
  controllerService,
  desiredMap,
  egressService,
  partMetadata,
  proxyService,
} from "./objects.ts";
import { clientProxiesOf, type Proxy, proxiesOf } from "./parts.ts";
import { proxyDeployment } from "./proxy-deployment.ts";
import { controllerBinding, inferenceRights, ownRights } from "./rights.ts";
import { GatewaySecrets } from "./secrets.ts";

/** A model of the stack, and the key of its engines. */
export interface GatewayModel {
  readonly name: string;
  /** What its servers call it in the `model` field. */
  readonly servedName: string;
  readonly apiKey: pulumi.Input<string>;
}

export interface GatewayArgs {
  /** Namespace of the gateway; made by Isolation, so pods start under its default deny. */
  readonly namespace: string;
  readonly inferenceNamespace: string;
  readonly config: GatewayConfig;
  /** ClusterIP of the route controller. */
  readonly controllerAddress: string;
  /** ClusterIP of the rate-limit service. */
  readonly limitsAddress: string;
  readonly models: readonly GatewayModel[];
  /** Whether each request gets a salt of its team; never where a class has a provider. */
  readonly saltsTeams: boolean;
  /** Images by digest, from the registry inside. */
  readonly images: { readonly proxy: string; readonly controller: string };
}

/** Where a kind of client calls. */
export interface GatewayEndpoint {
  readonly proxy: string;
  /** Base URL of the API inside the cluster. */
  readonly endpoint: string;
  /** Classes that it serves. */
  readonly taskClasses: readonly string[];
}

/**
 * The one way to models and providers. Up to three kinds of proxy, so that what a class may never reach is
 * absent from its proxy, and one controller that tells the open one how to split its traffic.
 */
export class Gateway extends pulumi.ComponentResource {
  readonly endpoints: readonly GatewayEndpoint[];

  constructor(name: string, args: GatewayArgs, opts: pulumi.ComponentResourceOptions) {
    super("llm:gateway:Gateway", name, shape(args), opts);
    const { config, namespace } = args;
    const secrets = new GatewaySecrets(
      `${name}-secrets`,
      { namespace, config, models: args.models },
      { parent: this },
    );
    const issued = this.certificate(name, args);
    for (const proxy of proxiesOf(config)) {
      this.proxy(name, proxy, args, [...secrets.made, ...issued]);
    }
    this.controller(name, args);
    this.endpoints = clientProxiesOf(config).map((proxy) => ({
      proxy,
      endpoint: `https://${proxy}.${namespace}.svc:${ports.clients}/v1`,
      taskClasses: config.taskClasses
        .filter(({ dataClass }) => (dataClass === "public") === (proxy === openGateway))
        .map((one) => one.name),
    }));
    this.registerOutputs({ endpoints: this.endpoints });
  }

  private certificate(name: string, { config, namespace }: GatewayArgs): pulumi.Resource[] {
    if (config.tls.kind !== "cert-manager") return [];
    return [
      customResource<Certificate>(
        `${name}-certificate`,
        { apiVersion: "cert-manager.io/v1", kind: "Certificate" },
        {
          metadata: { name: certificateSecret, namespace },
          spec: certificate(config.tls),
        },
        { parent: this },
      ),
    ];
  }

  /** One kind of proxy with everything that is its own. */
  private proxy(
    name: string,
    proxy: Proxy,
    args: GatewayArgs,
    needed: readonly pulumi.Resource[],
  ): void {
    const { config, namespace, images } = args;
    const child = childName(name, proxy);
    const opts = { parent: this };
    const files = configurationOf(proxy, args);
    const map = new k8s.core.v1.ConfigMap(
      `${child}-envoy`,
      configurationMap(proxy, namespace, files),
      opts,
    );
    const own = new k8s.core.v1.ServiceAccount(child, account(proxy, namespace), opts);
    new k8s.apps.v1.Deployment(
      child,
      proxyDeployment({ proxy, namespace, config, image: images.proxy, files }),
      { parent: this, dependsOn: [map, own, ...needed] },
    );
    new k8s.core.v1.Service(
      child,
      proxy === egressGateway ? egressService(config, namespace) : proxyService(proxy, namespace),
      opts,
    );
    new k8s.policy.v1.PodDisruptionBudget(child, budget(proxy, namespace), opts);
    new k8s.autoscaling.v2.HorizontalPodAutoscaler(
      child,
      autoscaler(proxy, namespace, config.replicas),
      opts,
    );
  }

  private controller(name: string, args: GatewayArgs): void {
    const { namespace, inferenceNamespace, config } = args;
    const child = `${name}-routes`;
    const opts = { parent: this };
    const desired = new k8s.core.v1.ConfigMap(
      `${name}-desired`,
      desiredMap(config, args.models, namespace),
      opts,
    );
    const status = new k8s.core.v1.ConfigMap(
      `${name}-status`,
      { metadata: { name: statusConfigMap, ...partMetadata(routeController, namespace) } },
      opts,
    );
    const own = new k8s.core.v1.ServiceAccount(child, account(routeController, namespace), opts);
    const bindings = [
      { place: namespace, suffix: "own", rules: ownRights() },
      { place: inferenceNamespace, suffix: "inference", rules: inferenceRights() },
    ].map(({ place, suffix, rules }) => {
      const role = new k8s.rbac.v1.Role(
        `${child}-${suffix}`,
        { metadata: { name: routeController, namespace: place }, rules },
        opts,
      );
      return new k8s.rbac.v1.RoleBinding(
        `${child}-${suffix}`,
        controllerBinding(place, namespace),
        { parent: this, dependsOn: [role, own] },
      );
    });
    new k8s.apps.v1.Deployment(
      child,
      controllerDeployment({ namespace, inferenceNamespace, image: args.images.controller }),
      { parent: this, dependsOn: [desired, status, ...bindings] },
    );
    new k8s.core.v1.Service(child, controllerService(namespace, args.controllerAddress), opts);
  }
}

/** The arguments as policies and state may see them: without the engines' keys. */
function shape({ models, ...args }: GatewayArgs) {
  return { ...args, models: models.map(({ name, servedName }) => ({ name, servedName })) };
}

/** Children are named after the component, which carries the name of the open proxy by itself. */
function childName(name: string, proxy: Proxy): string {
  switch (proxy) {
    case openGateway:
      return `${name}-open`;
    case closedGateway:
      return `${name}-closed`;
    case egressGateway:
      return `${name}-egress`;
    default:
      proxy satisfies never;
      throw new Error("unreachable");
  }
}

/** Everything that a kind of proxy reads at its start. */
function configurationOf(proxy: Proxy, args: GatewayArgs): ProxyFiles {
  const { open, closed, egress } = gatewayFiles({
    gateway: args.config,
    controllerAddress: args.controllerAddress,
    limitsAddress: args.limitsAddress,
    models: args.models.map(({ name, servedName }) => ({ name, servedName })),
    saltsTeams: args.saltsTeams,
  });
  const files = { [openGateway]: open, [closedGateway]: closed, [egressGateway]: egress }[proxy];
  if (files === undefined) throw new Error(`no task class needs ${proxy}, and it is made`);
  return files;
}
