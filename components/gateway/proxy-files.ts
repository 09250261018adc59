import type { GatewayConfig, GatewayTls } from "../lib/stack/gateway.ts";
import {
  bootstrapConfigMap,
  certificateSecret,
  egressGateway,
  egressKeyField,
  egressKeySecret,
  egressKeysFile,
  engineKeysSecret,
  keysFile,
  keysSecret,
  noKeysSecret,
  openGateway,
  paths,
  providerKeyField,
} from "./names.ts";
import { type ClientProxy, enginesOf, type Proxy, proxiesOf, usedProviders } from "./parts.ts";
import { type Files, fileMode, secretFiles } from "./pod.ts";

/** Files of one proxy: each sees what it needs, and no key of another. */
export function proxyFiles(config: GatewayConfig, proxy: Proxy): readonly Files[] {
  const bootstrap = {
    mountPath: paths.bootstrap,
    volume: {
      name: "config",
      configMap: {
        name: bootstrapConfigMap(proxy),
      },
    },
  };
  if (proxy === egressGateway) return [bootstrap, ...egressFiles(config)];
  return [
    bootstrap,
    clientKeys(proxy),
    ...engineKeys(config, proxy),
    ...(proxy === openGateway && proxiesOf(config).includes(egressGateway) ? [egressKey] : []),
    secretFiles("tls", paths.tls, tlsSecret(config.tls), {
      "tls.crt": "tls.crt",
      "tls.key": "tls.key",
    }),
  ];
}

/** Secret of the certificate that clients see. */
export function tlsSecret(tls: GatewayTls): string {
  return tls.kind === "secret" ? tls.secret : certificateSecret;
}

/**
 * The file of keys as `keys` writes it, over one without keys: of two sources with the same file the later
 * one counts. The first lists no entries, because the API server refuses two lists that name one file.
 */
function clientKeys(proxy: ClientProxy): Files {
  const file = keysFile(proxy);
  return {
    mountPath: paths.keys,
    volume: {
      name: "keys",
      projected: {
        defaultMode: fileMode,
        sources: [
          { secret: { name: noKeysSecret } },
          { secret: { name: keysSecret, optional: true, items: [{ key: file, path: file }] } },
        ],
      },
    },
  };
}

function engineKeys(config: GatewayConfig, proxy: ClientProxy): readonly Files[] {
  const models = enginesOf(config, proxy);
  if (models.length === 0) return [];
  const entries = Object.fromEntries(models.map((model) => [model, model]));
  return [secretFiles("engine-keys", paths.engineKeys, engineKeysSecret, entries)];
}

/** By it the egress gateway knows the open one. */
const egressKey = secretFiles("egress-key", paths.egressKey, egressKeySecret, {
  [egressKeyField]: egressKeyField,
});

/** The only pods that see a provider's key. */
function egressFiles(config: GatewayConfig): readonly Files[] {
  return [
    secretFiles("egress-key", paths.egressKey, egressKeySecret, {
      [egressKeysFile]: egressKeysFile,
    }),
    {
      mountPath: paths.providerKeys,
      volume: {
        name: "provider-keys",
        projected: {
          defaultMode: fileMode,
          sources: usedProviders(config).map(({ name, keySecret }) => ({
            secret: {
              name: keySecret,
              items: [{ key: providerKeyField, path: `${name}/${providerKeyField}` }],
            },
          })),
        },
      },
    },
  ];
}
