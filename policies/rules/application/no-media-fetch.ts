import { mediaDomainsFlag, mediaRedirects, noDomain } from "../../data/engine-switches.ts";
import { type Engine, enginesOf, variableFault } from "../../kubernetes/engine-settings.ts";
import { topicViolations } from "../../kubernetes/engine-topics.ts";
import { type Field, get, isUnreadable, textOf } from "../../model/field.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { ResourceRule, Violation } from "../../model/rule.ts";
import type { Settings } from "../../model/settings.ts";
import { unreadable, violation } from "../../model/violation.ts";

/**
 * A limit of zero items per prompt is no proof: parts of vLLM 0.33.0 fetch an address before they count
 * what they got (entrypoints/openai/decisions/strategies.py, read 2026-11), and whether a model takes
 * media at all is written in its weights. The list of domains is asked before every request, and an empty
 * one allows all of them.
 */
export const noMediaFetch: ResourceRule = {
  id: "A04",
  name: "no-media-fetch",
  level: "resource",
  description:
    "No inference engine fetches media that a request names, except from declared domains, without redirects, and never from its own files.",
  severity: "critical",
  enforcement: "mandatory",
  mapping: { hipaa: ["164.312(e)(1)"] },
  remedy:
    "start the engine with --allowed-media-domains=none.invalid, or with domains of policies.mediaDomains of the stack",
  check: (object, settings) =>
    enginesOf(object, settings).flatMap((engine) => checkEngine(object, engine, settings)),
};

function checkEngine(object: KubeObject, engine: Engine, settings: Settings): readonly Violation[] {
  if (engine.line === undefined) return [];
  return [
    ...topicViolations(object, engine, "media"),
    ...checkRedirects(object, engine),
    ...checkDomains(object, engine, settings),
  ];
}

/** SGLang checks where a redirect leads; vLLM follows it. */
function checkRedirects(object: KubeObject, engine: Engine): readonly Violation[] {
  if (engine.profile?.variables.has(mediaRedirects) !== true) return [];
  const fault = variableFault(engine.environment, mediaRedirects, ["0"]);
  if (fault === undefined) return [];
  return [violation(object, fault.field, fault.problem, `set ${mediaRedirects} to "0"`)];
}

function checkDomains(
  object: KubeObject,
  engine: Engine,
  { policies }: Settings,
): readonly Violation[] {
  const { container, line, profile } = engine;
  if (profile === undefined || line === undefined || line.faults.length > 0) return [];
  const place = get(container.field, "args");
  if (!profile.flags.has(mediaDomainsFlag)) {
    const problem = `starts ${profile.name}, which fetches any address that a request names`;
    const remedy = "use an engine that can be kept from it";
    return [violation(object, get(container.field, "image"), problem, remedy)];
  }
  const uses = line.flags.filter(({ name }) => name === mediaDomainsFlag);
  const named = uses.flatMap(({ values }) => values);
  if (named.length === 0) {
    const field = uses[0]?.word ?? place;
    const problem = `lacks ${mediaDomainsFlag} with a domain, so requests may name any address`;
    return [violation(object, field, problem)];
  }
  return named.flatMap((domain) => checkDomain(object, domain, policies.mediaDomains));
}

function checkDomain(
  object: KubeObject,
  domain: Field,
  allowed: readonly string[],
): readonly Violation[] {
  if (isUnreadable(domain)) return [unreadable(object, domain)];
  const text = textOf(domain) ?? "";
  if (noDomain.test(text) || allowed.includes(text)) return [];
  const problem = `allows media from "${text.slice(0, 80)}", which policies.mediaDomains does not list`;
  return [violation(object, domain, problem)];
}
