/** What helps against a failure that a registry or chart repository reports, by its words. */
export function remedyFor(words: string, host: string, name: string): string {
  const known = remedies.find(([pattern]) => pattern.test(words));
  return known === undefined ? `read ${name} by hand to see more` : known[1](host, name);
}

/** Whole phrases, as they say it: a port or a tag may hold any number. */
const remedies: readonly (readonly [RegExp, (host: string, name: string) => string])[] = [
  [
    /TOOMANYREQUESTS|429 Too Many Requests/,
    (host) => `${host} limits how often it is read; wait, or log in with crane auth login ${host}`,
  ],
  [
    /UNAUTHORIZED|DENIED|401 Unauthorized|403 Forbidden/,
    (host) => `log in with crane auth login ${host}, or check that the repository exists`,
  ],
  [
    /MANIFEST_UNKNOWN|NAME_UNKNOWN|404 Not Found/,
    (_, name) => `correct infra/versions.ts, or put ${name} into the mirror first`,
  ],
  [
    /x509|certificate/,
    (host) => `have SSL_CERT_FILE name the authority that signed the certificate of ${host}`,
  ],
  [
    /dial tcp|no such host|refused|reset by peer|unreachable|[Tt]imeout|EOF/,
    (host) => `check that ${host} can be reached from here, by proxy if need be (HTTPS_PROXY)`,
  ],
];
