import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import type { Resource } from "../model/resource.ts";
import { rawProperties } from "./raw-properties.ts";

/** A resource as the engine asks about it before it exists: its inputs, nothing of the graph. */
export function resourceOf(args: ResourceValidationArgs): Resource {
  return { ...common(args), dependencies: [], ...parentOf(args.opts.parent) };
}

/** A resource of the finished graph. */
export function stackResourceOf(resource: PolicyResource): Resource {
  return {
    ...common(resource),
    dependencies: resource.dependencies.map((each) => each.urn),
    propertyDependencies: Object.fromEntries(
      Object.entries(resource.propertyDependencies).map(([property, sources]) => [
        property,
        sources.map((each) => each.urn),
      ]),
    ),
    ...parentOf(resource.parent?.urn ?? resource.opts.parent),
  };
}

type Common = Pick<PolicyResource, "type" | "props" | "urn" | "name" | "opts">;

function common({ type, props, urn, name, opts }: Common) {
  return {
    urn,
    type,
    name,
    properties: rawProperties(props),
    options: {
      protect: opts.protect,
      // The engine does not tell policies; no rule reads it.
      retainOnDelete: false,
      ignoreChanges: opts.ignoreChanges,
    },
  };
}

function parentOf(parent: string | undefined): { parent?: string } {
  return parent === undefined || parent === "" ? {} : { parent };
}
