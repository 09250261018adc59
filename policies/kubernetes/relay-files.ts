/** A way in which a proxy's file lets its caller choose the destination. */
interface Opening {
  readonly pattern: RegExp;
  readonly problem: string;
}

/** Directives as each proxy documents them, collected 2026-11; not tried against the proxies. */
const openings: readonly Opening[] = [
  {
    pattern: /dynamic_forward_proxy/i,
    problem: "configures Envoy as a forward proxy, whose caller names the destination",
  },
  {
    pattern: /\bupgrade_type["']?\s*:\s*["']?CONNECT(?:-UDP)?\b|\bconnect_(?:config|matcher)\b/i,
    problem: "lets Envoy's caller open a tunnel with CONNECT",
  },
  {
    pattern: /\boriginal_dst\b/i,
    problem: "lets Envoy send to the address that the caller dialled (original_dst)",
  },
  {
    pattern: /^\s*proxy_connect\s*;/m,
    problem: "lets nginx' caller open a tunnel with CONNECT",
  },
  {
    pattern: /^\s*(?:option\s+http_proxy|http-request\s+(?:do-resolve|set-dst)\b)/m,
    problem: "lets HAProxy's caller name the destination",
  },
  {
    pattern: /^\s*(?:http_access\s+allow\s+all|https?_port\s+\d+)/m,
    problem: "configures Squid, whose caller names the destination",
  },
  {
    pattern: /^\s*ProxyRequests\s+On\b/im,
    problem: "configures Apache as a forward proxy",
  },
  { pattern: /^\s*forward_proxy\b/m, problem: "configures Caddy as a forward proxy" },
  {
    pattern: /^\s*(?:socks\s+pass\s*\{|socksmethod\s*:|internal\s*:\s*\S+\s+port\s*=)/m,
    problem: "configures a SOCKS proxy",
  },
];

/** The address of a nginx directive: everything before its path. */
const passDirective =
  /^\s*(?:proxy|grpc|fastcgi|uwsgi|scgi|memcached)_pass\s+["']?(?:\w+:\/\/)?([^/;\s"']+)/gm;

/** Variables of nginx that begin with a slash, so they name no host. */
const pathVariables = /(?<=[^$])\$(?:request_uri|uri|document_uri)$/;

/** What a file lets a caller do; each a sentence that the file's path begins. */
export function relayOpenings(text: string): readonly string[] {
  // A comment configures nothing.
  const said = text.replaceAll(/^\s*(?:#|\/\/).*$/gm, "");
  const found = openings.filter(({ pattern }) => pattern.test(said)).map(({ problem }) => problem);
  const chosen = [...said.matchAll(passDirective)].some(([, address = ""]) =>
    address.replace(pathVariables, "").includes("$"),
  );
  return chosen ? [...found, "lets nginx send to a host that a variable names"] : found;
}
