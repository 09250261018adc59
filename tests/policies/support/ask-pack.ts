import type {
  PolicyResource,
  ReportViolation,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import * as sdk from "@pulumi/policy";
import type { Resource } from "../../../policies/model/resource.ts";
import { isArray, unknown, type Value } from "../../../policies/model/value.ts";

/** What the engine sends for a text that it does not know yet. */
const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Properties as a policy gets them in a real preview: behind the SDK's proxy, which throws at an unknown. */
export function proxied(resource: Resource): Record<string, unknown> {
  const proxy: unknown = Reflect.get(sdk, "unknownCheckingProxy");
  if (typeof proxy !== "function") throw new Error("the SDK exports no unknownCheckingProxy");
  const made: unknown = proxy(wire(resource.properties));
  if (!isRecord(made)) throw new Error("the proxy wraps nothing");
  return made;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function wire(value: Value | undefined): unknown {
  if (value === unknown) return unknownText;
  if (isArray(value)) return value.map(wire);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, wire(field)]));
}

/** Asks one resource policy about one resource, as the SDK does. */
export async function askResource(
  policy: ResourceValidationPolicy,
  resource: Resource,
  report: ReportViolation,
): Promise<void> {
  const { validateResource } = policy;
  if (typeof validateResource !== "function")
    throw new Error(`${policy.name} is no single function`);
  const { dependencies: _, propertyDependencies: __, ...args } = common(resource);
  await validateResource({ ...args, ...unused, asType: () => undefined }, report);
}

/** Asks one stack policy about all resources, as the SDK does. */
export async function askStack(
  policy: StackValidationPolicy,
  resources: readonly Resource[],
  report: ReportViolation,
): Promise<void> {
  await policy.validateStack({ resources: resources.map(common), ...unused }, report);
}

const unused = {
  stackTags: new Map<string, string>(),
  getConfig: (): never => {
    throw new Error("no policy of this pack has a configuration");
  },
  notApplicable: (): never => {
    throw new Error("no policy of this pack calls itself not applicable");
  },
};

function common(resource: Resource): PolicyResource {
  return {
    type: resource.type,
    props: proxied(resource),
    urn: resource.urn,
    name: resource.name,
    opts: {
      protect: resource.options.protect,
      ignoreChanges: [...resource.options.ignoreChanges],
      aliases: [],
      additionalSecretOutputs: [],
      customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
      ...(resource.parent === undefined ? {} : { parent: resource.parent }),
    },
    dependencies: [],
    propertyDependencies: {},
    isType: () => false,
    asType: () => undefined,
  };
}
