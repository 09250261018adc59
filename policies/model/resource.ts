import type { ValueObject } from "./value.ts";

/** Where a resource was written down, for reports that point at a line. */
export interface Source {
  readonly file: string;
  /** 1-based line on which the object starts. */
  readonly line: number;
}

/** One resource of the graph, whatever it came from: the recorder, the Pulumi engine, YAML or a chart. */
export interface Resource {
  readonly urn: string;
  /** Pulumi type token, such as `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  /** Logical name within the program. */
  readonly name: string;
  readonly properties: ValueObject;
  /** URN of the component or chart that holds this resource. */
  readonly parent?: string;
  /** URNs that this resource waits for. */
  readonly dependencies: readonly string[];
  /** URNs that the values of single properties come from; absent where the reader cannot tell. */
  readonly propertyDependencies?: Readonly<Record<string, readonly string[]>>;
  readonly options: ResourceOptions;
  readonly source?: Source;
  /** Path of this object inside the resource, where the resource is a list of objects: `items[0]`. */
  readonly within?: string;
}

export interface ResourceOptions {
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly ignoreChanges: readonly string[];
}

export const defaultOptions: ResourceOptions = {
  protect: false,
  retainOnDelete: false,
  ignoreChanges: [],
};
