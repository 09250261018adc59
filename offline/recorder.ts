import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb.js";
import type { Resource } from "../policies/model/resource.ts";
import { decodeProperties } from "./wire.ts";

/** A resource as the program registered it. */
export interface RecordedResource extends Resource {
  /** Dotted paths of values that the program marked secret. */
  readonly secrets: readonly string[];
  /** Whether a provider makes it; a component is only a grouping. */
  readonly custom: boolean;
}

export interface Recording {
  readonly project: string;
  readonly stack: string;
  /** In order of registration, without the stack itself. */
  readonly resources: readonly RecordedResource[];
}

export interface RecordOptions {
  readonly project: string;
  readonly stack: string;
  /** Configuration as the engine hands it over: full key to text. */
  readonly config: Readonly<Record<string, string>>;
  /** Full keys whose values are secret. */
  readonly secretKeys: readonly string[];
  /**
   * Output properties that a provider would know already.
   * @default - none: everything a provider makes is unknown, as in a first preview
   */
  readonly outputs?: (type: string, name: string) => Readonly<Record<string, unknown>>;
}

const stackType = "pulumi:pulumi:Stack";

/**
 * Runs a program under Pulumi's own mock runtime and records every registration. The runtime's state
 * belongs to the process: await one recording before the next.
 * @throws whatever the program throws; Error where the engine would refuse the graph
 */
export async function record(program: () => unknown, options: RecordOptions): Promise<Recording> {
  const limit = Error.stackTraceLimit;
  // Pulumi takes a stack trace for every promise it makes: a third of the run, of use only when it fails.
  Error.stackTraceLimit = 0;
  try {
    return await recordOnce(program, options);
  } catch {
    Error.stackTraceLimit = limit;
    return await recordOnce(program, options);
  } finally {
    Error.stackTraceLimit = limit;
  }
}

async function recordOnce(program: () => unknown, options: RecordOptions): Promise<Recording> {
  const { project, stack, outputs = () => ({}) } = options;
  const requests: RegisterResourceRequest[] = [];
  const calls: string[] = [];
  pulumi.runtime.setAllConfig({ ...options.config }, [...options.secretKeys]);
  await pulumi.runtime.setMocks(
    {
      call: ({ token }) => {
        calls.push(token);
        return {};
      },
      newResource: ({ type, name }) => ({ id: undefined, state: { ...outputs(type, name) } }),
    },
    project,
    stack,
    true,
  );
  listen((request) => requests.push(request));
  const failures: unknown[] = [];
  // An error that reached the runtime would come back a second time, as a rejection nobody awaits.
  const contained = async () => {
    try {
      await program();
    } catch (error) {
      failures.push(error);
    }
  };
  await pulumi.runtime.runInPulumiStack(contained);
  await pulumi.runtime.disconnect();
  // What a program says after it got no answer is a consequence, not the reason.
  if (calls.length > 0) throw new Error(unanswered(calls));
  if (failures.length > 0) throw failures[0];
  return { project, stack, resources: resolve(requests, project, stack) };
}

function unanswered(calls: readonly string[]): string {
  const tokens = [...new Set(calls)].join(", ");
  return `the program calls ${tokens}, which only a provider can answer; take the values from the stack file`;
}

/** Mocks see neither options nor parents; the requests to the engine hold both. */
function listen(receive: (request: RegisterResourceRequest) => void): void {
  const monitor = pulumi.runtime.getMonitor();
  if (monitor === undefined) throw new Error("the mock monitor is not installed");
  const forward: unknown = Reflect.get(monitor, "registerResource");
  if (typeof forward !== "function") throw new Error("the mock monitor takes no registrations");
  Object.assign(monitor, {
    registerResource(request: RegisterResourceRequest, callback: unknown): unknown {
      receive(request);
      return Reflect.apply(forward, monitor, [request, callback]);
    },
  });
}

/** Requests as resources, with the URNs that the real engine gives: the types of all ancestors, not of one. */
function resolve(
  requests: readonly RegisterResourceRequest[],
  project: string,
  stack: string,
): RecordedResource[] {
  const urns = new Map<string, string>();
  const resources: RecordedResource[] = [];
  const seen = new Set<string>();
  for (const request of requests) {
    if (request.getType() === stackType) continue;
    const parent = urns.get(request.getParent());
    const type =
      parent === undefined ? request.getType() : `${qualifiedType(parent)}$${request.getType()}`;
    const urn = `urn:pulumi:${stack}::${project}::${type}::${request.getName()}`;
    if (seen.has(urn)) {
      throw new Error(`two resources have the URN ${urn}; give one of them another name`);
    }
    seen.add(urn);
    urns.set(mockUrn(request, project, stack), urn);
    resources.push(resource(request, urn, parent, urns));
  }
  return resources;
}

function resource(
  request: RegisterResourceRequest,
  urn: string,
  parent: string | undefined,
  urns: ReadonlyMap<string, string>,
): RecordedResource {
  const { properties, secrets } = decodeProperties(request.getObject()?.toJavaScript());
  return {
    urn,
    type: request.getType(),
    name: request.getName(),
    properties,
    secrets,
    custom: request.getCustom(),
    ...(parent === undefined ? {} : { parent }),
    dependencies: request
      .getDependenciesList()
      .map((dependency) => urns.get(dependency) ?? dependency),
    propertyDependencies: propertyDependencies(request, urns),
    options: {
      protect: request.getProtect() ?? false,
      retainOnDelete: request.getRetainondelete() ?? false,
      ignoreChanges: request.getIgnorechangesList(),
    },
  };
}

/** Only properties whose values come from other resources. */
function propertyDependencies(
  request: RegisterResourceRequest,
  urns: ReadonlyMap<string, string>,
): Record<string, readonly string[]> {
  const found: Record<string, readonly string[]> = {};
  request.getPropertydependenciesMap().forEach((sources, property) => {
    found[property] = sources.getUrnsList().map((urn) => urns.get(urn) ?? urn);
  });
  return found;
}

/** The URN under which the mock monitor answered, and by which later requests name this resource. */
function mockUrn(request: RegisterResourceRequest, project: string, stack: string): string {
  const parent = request.getParent();
  const type = parent === "" ? request.getType() : `${lastType(parent)}$${request.getType()}`;
  return `urn:pulumi:${stack}::${project}::${type}::${request.getName()}`;
}

function qualifiedType(urn: string): string {
  return urn.split("::")[2] ?? "";
}

function lastType(urn: string): string {
  return qualifiedType(urn).split("$").at(-1) ?? "";
}
