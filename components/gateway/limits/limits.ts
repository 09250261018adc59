import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { LimitsConfig } from "../../lib/stack/limits.ts";
import {
  counterPasswordField,
  counterUsersFile,
  limitsCounter,
  limitsService,
  ports,
} from "../names.ts";
import { account, budget, partMetadata, pinnedService } from "../objects.ts";
import { counterUsers } from "./counter-config.ts";
import { counterDeployment, counterKey, podCounterConfig } from "./counter-deployment.ts";
import { serviceConfig } from "./service-config.ts";
import { limitsDeployment, limitsKey } from "./service-deployment.ts";

export interface GatewayLimitsArgs {
  /** Namespace of the gateway; made by Isolation, so pods start under its default deny. */
  readonly namespace: string;
  readonly limits: LimitsConfig;
  /** ClusterIPs of the rate-limit service and of its counter. */
  readonly addresses: { readonly service: string; readonly counter: string };
  /** Storage class of the counter's volume, which one node mounts. */
  readonly storageClass: string;
  /** Whether its volume holds nothing, since no container runs. */
  readonly simulated: boolean;
  /** Images by digest, from the registry inside. */
  readonly images: { readonly service: string; readonly counter: string };
}

/** Room for the log of writes, which Redis writes anew before it is a tenth of this, GiB. */
export const counterVolumeGib = 1;

/** What proxies ask before a request and tell after it: the rate-limit service, and the counter behind it. */
export class GatewayLimits extends pulumi.ComponentResource {
  constructor(name: string, args: GatewayLimitsArgs, opts: pulumi.ComponentResourceOptions) {
    super("llm:gateway:GatewayLimits", name, args, opts);
    const secret = this.secret(name, args.namespace);
    const counter = this.counter(name, args, secret);
    this.service(name, args, [secret, ...counter]);
    this.registerOutputs({});
  }

  /** Bare for the service, which takes it as a variable alone; as a file for the counter. */
  private secret(name: string, namespace: string): k8s.core.v1.Secret {
    const password = new random.RandomPassword(
      `${name}-password`,
      { length: 48, special: false },
      { parent: this },
    );
    return new k8s.core.v1.Secret(
      `${name}-counter`,
      {
        metadata: { name: limitsCounter, ...partMetadata(limitsCounter, namespace) },
        stringData: {
          [counterPasswordField]: password.result,
          [counterUsersFile]: password.result.apply(counterUsers),
        },
      },
      { parent: this },
    );
  }

  private counter(
    name: string,
    { namespace, addresses, images, storageClass, simulated }: GatewayLimitsArgs,
    secret: pulumi.Resource,
  ): readonly pulumi.Resource[] {
    const child = `${name}-counter`;
    const opts = { parent: this };
    const map = new k8s.core.v1.ConfigMap(
      child,
      {
        metadata: { name: limitsCounter, ...partMetadata(limitsCounter, namespace) },
        data: { [counterKey]: podCounterConfig },
      },
      opts,
    );
    const own = new k8s.core.v1.ServiceAccount(child, account(limitsCounter, namespace), opts);
    const claim = new k8s.core.v1.PersistentVolumeClaim(
      child,
      {
        metadata: {
          name: limitsCounter,
          ...partMetadata(limitsCounter, namespace),
          // Some provisioners bind only when a pod comes.
          annotations: { "pulumi.com/skipAwait": "true" },
        },
        spec: {
          accessModes: ["ReadWriteOnce"],
          storageClassName: storageClass,
          resources: { requests: { storage: `${counterVolumeGib}Gi` } },
        },
      },
      // With it a month's spending would be forgotten, and the budget be there again.
      { parent: this, protect: !simulated, retainOnDelete: !simulated },
    );
    const deployment = new k8s.apps.v1.Deployment(
      child,
      counterDeployment({ namespace, image: images.counter, claim: limitsCounter }),
      { parent: this, dependsOn: [map, own, claim, secret] },
    );
    const service = new k8s.core.v1.Service(
      child,
      pinnedService(limitsCounter, namespace, addresses.counter, {
        name: "redis",
        port: ports.counter,
      }),
      opts,
    );
    return [deployment, service];
  }

  private service(
    name: string,
    { namespace, addresses, images, limits }: GatewayLimitsArgs,
    needed: readonly pulumi.Resource[],
  ): void {
    const opts = { parent: this };
    const config = serviceConfig(limits);
    const map = new k8s.core.v1.ConfigMap(
      name,
      {
        metadata: { name: limitsService, ...partMetadata(limitsService, namespace) },
        data: { [limitsKey]: config },
      },
      opts,
    );
    const own = new k8s.core.v1.ServiceAccount(name, account(limitsService, namespace), opts);
    new k8s.apps.v1.Deployment(
      name,
      limitsDeployment({
        namespace,
        image: images.service,
        counterAddress: addresses.counter,
        config,
      }),
      { parent: this, dependsOn: [map, own, ...needed] },
    );
    new k8s.core.v1.Service(
      name,
      pinnedService(limitsService, namespace, addresses.service, {
        name: "grpc",
        port: ports.limits,
      }),
      opts,
    );
    new k8s.policy.v1.PodDisruptionBudget(name, budget(limitsService, namespace), opts);
  }
}
