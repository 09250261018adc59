import { dirname } from "node:path/posix";
import { egressKeyField, egressKeyHeader, paths } from "../names.ts";
import { fileSource } from "./sources.ts";
import { type NamedExtension, typed } from "./types.ts";

/**
 * Secrets come as files whose place stands in small resource files beside the bootstrap: Envoy reads a file
 * that it knows by the bootstrap alone only once, so neither certificate nor key could change without a restart.
 */
export interface SecretFile {
  /** Name of the secret; its resource file is `NAME.json`. */
  readonly name: string;
  readonly resource: object;
}

function secretReference({ name }: SecretFile) {
  return { name, sds_config: fileSource(`${paths.bootstrap}/${secretFileName(name)}`) };
}

export function secretFileName(name: string): string {
  return `${name}.json`;
}

/** A key of one line. */
export function keySecret(name: string, path: string): SecretFile {
  return secret(name, {
    generic_secret: { secret: { filename: path, watched_directory: { path: dirname(path) } } },
  });
}

/** The certificate that clients see. */
export const certificate: SecretFile = secret("certificate", {
  tls_certificate: {
    certificate_chain: { filename: `${paths.tls}/tls.crt` },
    private_key: { filename: `${paths.tls}/tls.key` },
    watched_directory: { path: paths.tls },
  },
});

function secret(name: string, body: object): SecretFile {
  const resource = typed("envoy.extensions.transport_sockets.tls.v3.Secret", { name, ...body });
  return { name, resource: { resources: [resource] } };
}

/** TLS towards clients. */
export function clientTls(): NamedExtension {
  return {
    name: "envoy.transport_sockets.tls",
    typed_config: typed("envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext", {
      common_tls_context: {
        tls_params: { tls_minimum_protocol_version: "TLSv1_2" },
        alpn_protocols: ["h2", "http/1.1"],
        tls_certificate_sds_secret_configs: [secretReference(certificate)],
      },
    }),
  };
}

/** Puts a key into every request to the cluster whose filter this is; without the key there is no request. */
export function keyInjector(key: SecretFile, header: string, prefix = ""): NamedExtension {
  const generic = typed("envoy.extensions.http.injected_credentials.generic.v3.Generic", {
    credential: secretReference(key),
    header,
    ...(prefix === "" ? {} : { header_value_prefix: prefix }),
  });
  return {
    name: "envoy.filters.http.credential_injector",
    typed_config: typed("envoy.extensions.filters.http.credential_injector.v3.CredentialInjector", {
      overwrite: true,
      credential: { name: "envoy.http.injected_credentials.generic", typed_config: generic },
    }),
  };
}

export function engineKey(model: string): SecretFile {
  return keySecret(`engine-key-${model}`, `${paths.engineKeys}/${model}`);
}

export function engineKeyInjector(model: string): NamedExtension {
  return keyInjector(engineKey(model), "authorization", "Bearer ");
}

export const egressKey: SecretFile = keySecret(
  "egress-key",
  `${paths.egressKey}/${egressKeyField}`,
);

export function egressKeyInjector(): NamedExtension {
  return keyInjector(egressKey, egressKeyHeader);
}
