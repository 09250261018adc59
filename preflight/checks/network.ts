import type { ExpectedHost } from "../expected.ts";
import { thresholds } from "../thresholds.ts";
import { type HostLink, readLinks } from "../tools/links.ts";
import { type Check, readingOf, verdictOf } from "../verdict.ts";

type Nic = NonNullable<ExpectedHost["nics"]>[number];

/** Interfaces that network plugins and container runtimes make; traffic of pods, which policies see. */
const ofPlugins: ReadonlySet<string> = new Set([
  "bridge",
  "dummy",
  "geneve",
  "ifb",
  "ip6tnl",
  "ipip",
  "netkit",
  "sit",
  "veth",
  "vxlan",
  "wireguard",
]);

export const networkCheck: Check = {
  name: "network",
  title: "the inventory's interfaces up with their MTU, and no other way onto a network",
  judge: (given, { nics, host }) => {
    if (nics === undefined || nics.length === 0) {
      const reason = `the inventory names no nics of ${host}, so another network would not be seen; list every interface that may be up`;
      return { outcome: "unknown", reason };
    }
    return verdictOf(
      readingOf(given, "links", readLinks),
      (links) => [...nics.flatMap((nic) => nicFaults(nic, links)), ...strangers(links, nics)],
      () => nics.map(({ name }) => name).join(", "),
    );
  },
};

function nicFaults(nic: Nic, links: readonly HostLink[]): string[] {
  const link = links.find(({ name }) => name === nic.name);
  if (link === undefined) return [`${nic.name} is missing; correct the inventory, or its driver`];
  const mtu = nic.mtu ?? thresholds.mtu.value;
  const right = nic.mtu === undefined ? link.mtu >= mtu : link.mtu === mtu;
  return [
    ...(link.up ? [] : [`${nic.name} is down; see to cable and configuration`]),
    ...(right
      ? []
      : [`${nic.name} has MTU ${link.mtu} instead of ${mtu}; set it, on the switch as well`]),
    ...(nic.mac === undefined || nic.mac === link.mac
      ? []
      : [`${nic.name} has MAC address ${link.mac}, and the inventory ${nic.mac}; correct one`]),
  ];
}

/** NetworkPolicy does not see what leaves by another interface. */
function strangers(links: readonly HostLink[], nics: readonly Nic[]): string[] {
  const listed = new Set(nics.map(({ name }) => name));
  return links
    .filter(({ name, up, kind }) => up && !listed.has(name) && !(kind && ofPlugins.has(kind)))
    .map(
      ({ name, kind }) =>
        `${name} (${kind ?? "hardware"}) is up and not in the inventory; take it down, or list it in nics`,
    );
}
