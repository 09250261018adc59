import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { getCACertificates } from "node:tls";
import { guardedLookup, isLoopbackHost } from "./addresses.ts";
import { isFirstHost, redirectFault, type Source, withoutSecrets } from "./source.ts";

/** A way to ask a source. */
export interface Client {
  readonly source: Source;
  /** Sent to the first host alone, never shown. */
  readonly token: string | undefined;
  /** @returns an answer that is no redirect; its body has to be read or destroyed. @throws FetchError */
  get(
    url: URL,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<IncomingMessage>;
  close(): void;
}

export interface ClientOptions {
  readonly source: Source;
  readonly token: string | undefined;
  /** Such as `http://10.0.0.5:3128`. */
  readonly proxy: string | undefined;
  /** PEM. */
  readonly authorities: string | undefined;
}

/** A download that failed. */
export class FetchError extends Error {
  override readonly name = "FetchError";
  /** Whether the same request may succeed a little later. */
  readonly passing: boolean;

  constructor(message: string, passing: boolean) {
    super(message);
    this.passing = passing;
  }
}

const redirectLimit = 5;
/** Silence after which a connection counts as dead, milliseconds. */
const idleLimit = 60_000;

export function clientFor({ source, token, proxy, authorities }: ClientOptions): Client {
  const proxyEnv = proxy === undefined ? undefined : { HTTP_PROXY: proxy, HTTPS_PROXY: proxy };
  const shared = {
    keepAlive: true,
    ...(proxyEnv === undefined ? {} : { proxyEnv }),
    // A source on this machine may lead to itself.
    ...(isLoopbackHost(source.base.hostname) ? {} : { lookup: guardedLookup }),
  };
  const ca = authorities === undefined ? undefined : [...getCACertificates("default"), authorities];
  const agents = {
    http: new HttpAgent(shared),
    https: new HttpsAgent({ ...shared, ...(ca === undefined ? {} : { ca }) }),
  };
  return {
    source,
    token,
    get: async (url, headers, signal) => {
      let at = url;
      for (let hop = 0; hop <= redirectLimit; hop += 1) {
        const own = token !== undefined && isFirstHost(source, at);
        const sent = { ...headers, ...(own ? { authorization: `Bearer ${token}` } : {}) };
        const response = await ask(at, sent, agents, signal);
        const to = redirectOf(response, at);
        if (to === undefined) return response;
        response.destroy();
        const fault = redirectFault(source, to);
        if (fault !== undefined) {
          const message = `${withoutSecrets(at)}: redirects to ${withoutSecrets(to)}; ${fault}`;
          throw new FetchError(message, false);
        }
        at = to;
      }
      throw new FetchError(
        `${withoutSecrets(url)}: redirects more than ${redirectLimit} times`,
        false,
      );
    },
    close: () => {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

function redirectOf(response: IncomingMessage, at: URL): URL | undefined {
  const status = response.statusCode ?? 0;
  if (![301, 302, 303, 307, 308].includes(status)) return undefined;
  const { location } = response.headers;
  if (location !== undefined && URL.canParse(location, at.href)) return new URL(location, at.href);
  response.destroy();
  throw new FetchError(`${withoutSecrets(at)}: HTTP ${status} leads nowhere`, false);
}

function ask(
  url: URL,
  headers: Readonly<Record<string, string>>,
  agents: { readonly http: HttpAgent; readonly https: HttpsAgent },
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const encrypted = url.protocol === "https:";
    const options = { headers, signal, timeout: idleLimit };
    const request = encrypted
      ? httpsRequest(url, { ...options, agent: agents.https })
      : httpRequest(url, { ...options, agent: agents.http });
    request.once("response", resolve);
    request.once("timeout", () => request.destroy(new Error(`silent for ${idleLimit / 1000} s`)));
    request.on("error", (error: NodeJS.ErrnoException) => {
      const final = /CERT|EFORBIDDEN|SELF_SIGNED|ISSUER|ERR_TLS/.test(error.code ?? "");
      reject(new FetchError(`${withoutSecrets(url)}: ${error.message}`, !final));
    });
    request.end();
  });
}
