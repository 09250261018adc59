import {
  addressFault,
  cidrFault,
  containsAddress,
  parseAddress,
  parseCidr,
} from "../../components/lib/cidr.ts";
import type { Settings } from "../model/settings.ts";

const loopback = ["127.0.0.0/8", "::1/128"].map(parseCidr);

/** Whether a text is an address of the machine, or here the pod, itself. */
export function isLoopback(text: string): boolean {
  return text === "localhost" || isIn(text, loopback);
}

/** Whether a text is an address of the cluster's own ranges or of a way out that the stack allows. */
export function isInside(text: string, settings: Settings): boolean {
  const { network, policies } = settings;
  const own = network === undefined ? [] : [network.podCidr, network.serviceCidr, network.nodeCidr];
  return isIn(text, ranges([...own, ...policies.allowedEgress.map(({ cidr }) => cidr)]));
}

/** Whether a text is an address of the ranges that the cluster gives to pods and Services. */
export function isOfPodsOrServices(text: string, settings: Settings): boolean {
  const { network } = settings;
  return network !== undefined && isIn(text, ranges([network.podCidr, network.serviceCidr]));
}

function ranges(texts: readonly string[]) {
  return texts.filter((text) => cidrFault(text) === undefined).map(parseCidr);
}

function isIn(text: string, within: ReturnType<typeof ranges>): boolean {
  if (addressFault(text) !== undefined) return false;
  const address = parseAddress(text);
  return within.some((range) => containsAddress(range, address));
}
