import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** Every leaf may be an output. */
export type Deep<T> = T extends readonly (infer E)[]
  ? pulumi.Input<readonly pulumi.Input<Deep<E>>[]>
  : T extends object
    ? pulumi.Input<{ readonly [K in keyof T]: Deep<T[K]> }>
    : pulumi.Input<T>;

/** Body of a custom resource whose shape `T` is known: a misspelt field does not compile. */
export type Body<T> = { readonly metadata: k8s.types.input.meta.v1.ObjectMeta } & {
  readonly [K in Exclude<keyof T, "apiVersion" | "kind" | "metadata" | "status">]: Deep<T[K]>;
};

/** Registers a custom resource with a checked body. */
export function customResource<T extends { apiVersion: string; kind: string }>(
  name: string,
  kind: Pick<T, "apiVersion" | "kind">,
  body: Body<T>,
  opts: pulumi.CustomResourceOptions,
): k8s.apiextensions.CustomResource {
  return new k8s.apiextensions.CustomResource(name, { ...kind, ...body }, opts);
}
