import { policy } from "../support/resources.ts";
import { egressPolicy, https, pod, toBlock } from "./stack.ts";
import type { Vector } from "./vector.ts";

const web = pod("shop", "web", "10.244.0.1");

/** One rule to these peers on TCP 443, and what it opens; every block is written with that port. */
function blocks(
  title: string,
  to: Parameters<typeof toBlock>[],
  external: readonly string[],
): Vector {
  const rule = { to: to.map((each) => toBlock(...each)), ports: [https] };
  return {
    title,
    resources: [web, egressPolicy("shop", "allow", [rule])],
    workload: "shop/Pod/web",
    isolated: true,
    external: external.map((each) => `${each} TCP 443`),
  };
}

/** The same, with a block that is no block: nothing is proven then, and everything is open. */
function refused(title: string, to: Parameters<typeof toBlock>, path: string): Vector {
  const rule = { to: [toBlock(...to)], ports: [https] };
  return {
    title,
    resources: [web, egressPolicy("shop", "allow", [rule])],
    workload: "shop/Pod/web",
    isolated: false,
    external: ["everything"],
    errors: [`NetworkPolicy shop/allow spec.egress[0].to[0].ipBlock.${path}`],
  };
}

export const addressVectors: readonly Vector[] = [
  blocks("0.0.0.0/0 is all of IPv4 and nothing of IPv6", [["0.0.0.0/0"]], ["0.0.0.0/0"]),
  blocks("::/0 is all of IPv6 and nothing of IPv4", [["::/0"]], ["::/0"]),
  blocks(
    "both families stay apart in one rule",
    [["::/0"], ["10.0.0.0/8"]],
    ["::/0", "10.0.0.0/8"],
  ),
  blocks("one host of IPv6", [["2001:db8::1/128"]], ["2001:db8::1/128"]),
  blocks(
    "the last host of IPv6",
    [["ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128"]],
    ["ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128"],
  ),
  blocks(
    "the first and the last host of IPv4",
    [["0.0.0.0/32"], ["255.255.255.255/32"]],
    ["0.0.0.0/32", "255.255.255.255/32"],
  ),
  blocks("a block of IPv6 is not read as one of IPv4", [["2001:db8::/32"]], ["2001:db8::/32"]),
  blocks(
    "all of IPv6 but its global unicast",
    [["::/0", "2000::/3"]],
    ["::/3", "4000::/2", "8000::/1"],
  ),
  blocks("IPv6 with one half left out", [["fd00::/8", "fd80::/9"]], ["fd00::/9"]),
  blocks("exceptions that overlap", [["fd00::/8", "fd80::/9", "fd80::/10"]], ["fd00::/9"]),
  blocks(
    "an exception of a single host",
    [["fd00::/126", "fd00::2/128"]],
    ["fd00::/127", "fd00::3/128"],
  ),
  blocks(
    "all private ranges left out is still the rest of the internet",
    [["0.0.0.0/0", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "128.0.0.0/1", "64.0.0.0/2"]],
    ["0.0.0.0/5", "8.0.0.0/7", "11.0.0.0/8", "12.0.0.0/6", "16.0.0.0/4", "32.0.0.0/3"],
  ),
  blocks(
    "an exception in one rule takes nothing from another",
    [["10.0.0.0/8", "10.1.0.0/16"], ["10.1.2.0/24"]],
    [
      "10.0.0.0/16",
      "10.1.2.0/24",
      "10.2.0.0/15",
      "10.4.0.0/14",
      "10.8.0.0/13",
      "10.16.0.0/12",
      "10.32.0.0/11",
      "10.64.0.0/10",
      "10.128.0.0/9",
    ],
  ),
  blocks("addresses of NAT64 stay what they are", [["64:ff9b::/96"]], ["64:ff9b::/96"]),
  refused("an exception of the other family", ["0.0.0.0/0", "fd00::/8"], "except[0]"),
  refused("an exception of IPv4 in a block of IPv6", ["::/0", "10.0.0.0/8"], "except[0]"),
  refused("an exception that is the whole block", ["10.0.0.0/8", "10.0.0.0/8"], "except[0]"),
  refused("an exception outside its block", ["10.0.0.0/8", "11.0.0.0/16"], "except[0]"),
  refused("an exception wider than its block", ["10.0.0.0/8", "0.0.0.0/1"], "except[0]"),
  refused("host bits behind the prefix", ["10.0.0.1/8"], "cidr"),
  refused("an address without a prefix", ["10.0.0.1"], "cidr"),
  refused("leading zeros", ["010.0.0.0/8"], "cidr"),
  refused("a prefix with a leading zero", ["10.0.0.0/08"], "cidr"),
  refused("capital letters in IPv6", ["2001:DB8::/32"], "cidr"),
  refused("IPv6 written out", ["2001:db8:0:0:0:0:0:0/32"], "cidr"),
  refused("a prefix longer than IPv4", ["10.0.0.0/33"], "cidr"),
  refused("a prefix longer than IPv6", ["fd00::/129"], "cidr"),
  refused("a zone", ["fe80::%eth0/64"], "cidr"),
  refused("a host name", ["example.org/32"], "cidr"),
  refused("no text at all", [""], "cidr"),
  {
    title: "IPv4 in the notation of IPv6 is never taken for IPv6 alone",
    resources: [
      web,
      policy("shop", "allow", {
        podSelector: {},
        policyTypes: ["Egress"],
        egress: [{ to: [toBlock("::ffff:10.0.0.0/104")], ports: [https] }],
      }),
    ],
    workload: "shop/Pod/web",
    covers: ["10.0.0.0/8 TCP 443"],
    errors: ["NetworkPolicy shop/allow spec.egress[0].to[0].ipBlock.cidr"],
  },
];
