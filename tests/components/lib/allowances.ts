import { ofType } from "../eks-fixture.ts";
import type { Deployment } from "./deploy.ts";
import { at, entries, list, number, text } from "./look.ts";

/** Every allowance of every network policy, one line each. */
export function allowances(deployment: Deployment): string[] {
  return ofType(deployment, "NetworkPolicy").flatMap(({ inputs }) => {
    const spec = inputs["spec"];
    const self = `${text(inputs, "metadata", "namespace")} ${labels(at(spec, "podSelector"))}`;
    const rules = (field: string) => (at(spec, field) === undefined ? [] : list(spec, field));
    return [
      ...rules("ingress").map((rule) => `${self} <- ${peers(rule, "from")} ${ports(rule)}`),
      ...rules("egress").map((rule) => `${self} -> ${peers(rule, "to")} ${ports(rule)}`),
    ];
  });
}

function peers(rule: unknown, field: string): string {
  return list(rule, field)
    .map((peer) => {
      const others = entries(peer).filter(
        ([key]) => key !== "namespaceSelector" && key !== "podSelector",
      );
      if (others.length === 1 && others[0]?.[0] === "ipBlock") return text(peer, "ipBlock", "cidr");
      if (others.length > 0) throw new Error(`a peer of another kind: ${JSON.stringify(peer)}`);
      const namespace = at(peer, "namespaceSelector", "matchLabels", "kubernetes.io/metadata.name");
      return `${String(namespace)} ${labels(at(peer, "podSelector"))}`;
    })
    .join(" or ");
}

function labels(selector: unknown): string {
  const expressions = at(selector, "matchExpressions");
  if (expressions !== undefined) {
    return list(expressions)
      .map((each) => `${text(each, "key").split("/").at(-1)} in ${list(each, "values").join("|")}`)
      .join(",");
  }
  const wanted = at(selector, "matchLabels");
  if (wanted === undefined) return "*";
  return entries(wanted)
    .map(([key, value]) => `${key.split("/").at(-1) ?? key}=${String(value)}`)
    .toSorted()
    .join(",");
}

function ports(rule: unknown): string {
  return list(rule, "ports")
    .map((port) => `${text(port, "protocol")}/${number(port, "port")}`)
    .join(",");
}
