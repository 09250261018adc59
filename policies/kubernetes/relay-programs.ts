import { type Field, get } from "../model/field.ts";
import { commandLine } from "./engine.ts";
import { parseImage } from "./images.ts";

/** Programs that carry connections to wherever their caller says, by image or command. */
const programs = [
  "3proxy",
  "autossh",
  "boringtun",
  "bore",
  "chisel",
  "cloudflared",
  "dante",
  "danted",
  "dropbear",
  "frpc",
  "frps",
  "goproxy",
  "gost",
  "haproxy",
  "inlets",
  "inlets-pro",
  "localtunnel",
  "microsocks",
  "mitmdump",
  "mitmproxy",
  "mitmweb",
  "ncat",
  "ngrok",
  "openssh",
  "openssh-server",
  "openvpn",
  "pgrok",
  "pproxy",
  "privoxy",
  "proxychains",
  "proxychains4",
  "rathole",
  "redsocks",
  "shadowsocks",
  "shadowsocks-libev",
  "sing-box",
  "socat",
  "sslocal",
  "squid",
  "ssh-server",
  "sshd",
  "stunnel",
  "tailscale",
  "tailscaled",
  "tinyproxy",
  "tor",
  "trojan",
  "v2ray",
  "wg-quick",
  "wireguard",
  "wireguard-go",
  "xray",
  "zerotier",
  "zerotier-one",
] as const;

const known: ReadonlySet<string> = new Set(programs);

/** The relay that an image is, if its last name or a folder of its path is one. */
export function relayImage(container: Field): { field: Field; name: string } | undefined {
  const field = get(container, "image");
  if (typeof field.value !== "string") return undefined;
  const path = parseImage(field.value)?.path ?? field.value.replace(/[:@].*$/, "");
  const name = path
    .toLowerCase()
    .split("/")
    .find((part) => known.has(part) || known.has(part.replace(/^docker-|-(?:proxy|client)$/g, "")));
  return name === undefined ? undefined : { field, name };
}

/** Programs and their arguments that only start another one. */
const wrapper =
  /^(?:.*\/)?(?:env|sh|bash|ash|dash|busybox|tini|dumb-init|timeout|nice|exec|su-exec|gosu|sudo|setpriv|xargs|nohup)$|^-{1,2}[\w-]*$|^\d+[smh]?$|^\w+=/;

/** Everyday programs that become a relay with certain arguments. */
const tunnels: readonly (readonly [string, RegExp])[] = [
  ["ssh", /(?:^|[\s;|&(/])ssh\s(?:.*\s)?-\w*[DLRwJ]/],
  ["nc", /(?:^|[\s;|&(/])nc\s(?:.*\s)?-\w*[lec]/],
  ["kubectl", /(?:^|[\s;|&(/])kubectl\s(?:.*\s)?(?:proxy|port-forward)\b/],
];

/** The relay that a command starts: as its program, behind a wrapper, or anywhere in a script. */
export function relayCommand(container: Field): string | undefined {
  const words = commandLine(container).map((word) => word ?? "");
  const program = words.findIndex((word) => !wrapper.test(word));
  const scripts = words.filter((word) => /\s/.test(word));
  const started = [
    ...(program < 0 ? [] : [words[program] ?? ""]),
    ...scripts.flatMap((script) => script.split(/[\s;|&()`"']+/)),
  ].map(baseName);
  const name = started.find((each) => known.has(each));
  if (name !== undefined) return name;
  const lines = [...scripts, ...(program < 0 ? [] : [words.slice(program).join(" ")])];
  return tunnels.find(([, pattern]) => lines.some((line) => pattern.test(line)))?.[0];
}

/** Arguments by which a program is told to go through a proxy. */
export function proxyArgument(container: Field): string | undefined {
  const flag = /^--?(?:https?|all|socks5?)[-_.]?proxy(?:=|$)|^-D(?:https?|socks)\.proxyHost=/i;
  return commandLine(container).find((word) => flag.test(word ?? ""));
}

function baseName(word: string): string {
  return word.slice(word.lastIndexOf("/") + 1).toLowerCase();
}
