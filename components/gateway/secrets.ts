import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { GatewayConfig } from "../lib/stack/gateway.ts";
import { egressKeysResource } from "./envoy/egress-bootstrap.ts";
import { keysResource } from "./envoy/keys.ts";
import {
  egressGateway,
  egressKeyField,
  egressKeySecret,
  egressKeysFile,
  engineKeysSecret,
  keysFile,
  noKeysSecret,
  openGateway,
} from "./names.ts";
import { partMetadata } from "./objects.ts";
import { clientProxiesOf, proxiesOf, usedEngines } from "./parts.ts";

export interface GatewaySecretsArgs {
  readonly namespace: string;
  readonly config: GatewayConfig;
  readonly models: readonly { readonly name: string; readonly apiKey: pulumi.Input<string> }[];
}

/** Keys that the program makes. Those of clients are made by `keys`, those of providers by hand. */
export class GatewaySecrets extends pulumi.ComponentResource {
  /** What proxies mount. */
  readonly made: readonly pulumi.Resource[];

  constructor(name: string, args: GatewaySecretsArgs, opts: pulumi.ComponentResourceOptions) {
    const { namespace, config } = args;
    super("llm:gateway:GatewaySecrets", name, { namespace }, opts);
    this.made = [
      this.noKeys(name, args),
      this.engineKeys(name, args),
      ...(proxiesOf(config).includes(egressGateway) ? [this.egressKey(name, namespace)] : []),
    ];
    this.registerOutputs({});
  }

  /** Files without a key, under which everybody is refused, until the first key is issued. */
  private noKeys(name: string, { namespace, config }: GatewaySecretsArgs): k8s.core.v1.Secret {
    const none = keysResource([]);
    const stringData = Object.fromEntries(
      clientProxiesOf(config).map((proxy) => [keysFile(proxy), none]),
    );
    return this.secret(`${name}-keys-none`, noKeysSecret, namespace, stringData);
  }

  private engineKeys(name: string, args: GatewaySecretsArgs): k8s.core.v1.Secret {
    const { namespace, config, models } = args;
    const used = usedEngines(config);
    const stringData = Object.fromEntries(
      models.filter((model) => used.has(model.name)).map((model) => [model.name, model.apiKey]),
    );
    return this.secret(`${name}-engine-keys`, engineKeysSecret, namespace, stringData);
  }

  /** Bare for the one that shows it, so that a deployment can read it back; as a file for the one that asks. */
  private egressKey(name: string, namespace: string): k8s.core.v1.Secret {
    const password = new random.RandomPassword(
      `${name}-egress-key`,
      { length: 48, special: false },
      { parent: this },
    );
    // Quotes need no care: the value has letters and digits alone.
    const file = password.result.apply(egressKeysResource);
    return this.secret(`${name}-egress-key`, egressKeySecret, namespace, {
      [egressKeyField]: password.result,
      [egressKeysFile]: file,
    });
  }

  private secret(
    resource: string,
    name: string,
    namespace: string,
    stringData: Record<string, pulumi.Input<string>>,
  ): k8s.core.v1.Secret {
    const { labels } = partMetadata(openGateway, namespace);
    return new k8s.core.v1.Secret(
      resource,
      { metadata: { name, namespace, labels }, stringData },
      { parent: this },
    );
  }
}
