import test from "ava";
import { remedyFor } from "../../lock/remedies.ts";

// Words as crane 0.22 and Helm 4 write them.
for (const [words, remedy] of [
  [
    "GET http://127.0.0.1:40401/v2/x/manifests/v1.403.0: MANIFEST_UNKNOWN: Unknown manifest",
    "correct infra/versions.ts, or put NAME into the mirror first",
  ],
  [
    "failed to fetch http://127.0.0.1:1/x.tgz : 404 Not Found",
    "correct infra/versions.ts, or put NAME into the mirror first",
  ],
  [
    "GET https://HOST/v2/x/manifests/v1: UNAUTHORIZED: authentication required",
    "log in with crane auth login HOST, or check that the repository exists",
  ],
  [
    'Get "https://HOST/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    "have SSL_CERT_FILE name the authority that signed the certificate of HOST",
  ],
  [
    "GET https://HOST/v2/x/manifests/v1: TOOMANYREQUESTS: You have reached your limit",
    "HOST limits how often it is read; wait, or log in with crane auth login HOST",
  ],
  [
    'Get "https://HOST/v2/": dial tcp: lookup HOST: no such host',
    "check that HOST can be reached from here, by proxy if need be (HTTPS_PROXY)",
  ],
  ["something new", "read NAME by hand to see more"],
] as const) {
  test(`a remedy for "${words}"`, (t) => {
    t.is(remedyFor(words, "HOST", "NAME"), remedy);
  });
}
