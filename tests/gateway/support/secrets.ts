import { egressKeysResource } from "../../../components/gateway/envoy/egress-bootstrap.ts";
import { type ClientKey, keysResource } from "../../../components/gateway/envoy/keys.ts";
import type { GatewayPlan } from "../../../components/gateway/envoy/plan.ts";
import {
  closedGateway,
  egressKeyField,
  egressKeysFile,
  keysFile,
  openGateway,
  paths,
  providerKeyPath,
} from "../../../components/gateway/names.ts";
import { selfSigned } from "../../support/certificate.ts";
import type { SecretContents } from "./proxy-folder.ts";

const { certificate, key } = selfSigned(
  "gateway.test",
  "localhost",
  "127.0.0.1",
  "api.openai.com",
  "*.openai.azure.com",
);
export const testAuthority = certificate;
export const testCertificateKey = key;

export const engineKeyOf = (model: string) => `key-of-engine-${model}`;
export const providerKeyOf = (provider: string) => `key-of-provider-${provider}`;

/** Files of every Secret that the three proxies mount. */
export function testSecrets(
  { models, gateway }: GatewayPlan,
  clients: readonly ClientKey[] = [],
): SecretContents {
  const keys = keysResource(clients);
  return {
    [`${paths.tls}/tls.crt`]: certificate,
    [`${paths.tls}/tls.key`]: key,
    [paths.authorities]: certificate,
    [`${paths.keys}/${keysFile(openGateway)}`]: keys,
    [`${paths.keys}/${keysFile(closedGateway)}`]: keys,
    [`${paths.egressKey}/${egressKeyField}`]: "key-between-gateways",
    [`${paths.egressKey}/${egressKeysFile}`]: egressKeysResource("key-between-gateways"),
    ...Object.fromEntries(
      models.map(({ name }) => [`${paths.engineKeys}/${name}`, engineKeyOf(name)]),
    ),
    ...Object.fromEntries(
      gateway.providers.map(({ name }) => [providerKeyPath(name), providerKeyOf(name)]),
    ),
  };
}
