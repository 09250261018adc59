import * as pulumi from "@pulumi/pulumi";
import type {
  RegisterResourceOutputsRequest,
  RegisterResourceRequest,
} from "@pulumi/pulumi/proto/resource_pb.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";

/** A resource as the program registered it. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  /** Plain data; an unknown value reads `"(unknown)"`, a secret `{ secret: value }`. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** `type::name` of the provider; `undefined` is the default provider. */
  readonly provider: string | undefined;
  /** `type::name` of the parent. */
  readonly parent: string | undefined;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly ignoreChanges: readonly string[];
  /** How long the engine waits for a change, such as `30s`; `undefined` is the provider's own limit. */
  readonly updateTimeout: string | undefined;
  /** `type::name` of everything that this resource waits for, sorted. */
  readonly dependencies: readonly string[];
}

export interface Deployment {
  /** Sorted by type, then name; without the stack itself. */
  readonly resources: readonly Registered[];
  /** What the program returned, in the notation of `inputs`. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

export interface DeployOptions {
  /** As in a first preview: no resource has an id or any output yet. @default false */
  readonly preview?: boolean;
  /** @default "test" */
  readonly stack?: string;
}

/**
 * Runs a program against Pulumi's mocks and returns what it registered. Mock state is global to the
 * process: await one call before the next.
 */
export async function deploy(
  program: () => Record<string, unknown> | void,
  options: DeployOptions = {},
): Promise<Deployment> {
  const { preview = false, stack = "test" } = options;
  const resources: Registered[] = [];
  let outputs: Deployment["outputs"] = {};
  await pulumi.runtime.setMocks(preview ? firstPreview : deployed, "llm", stack, preview);
  listen("registerResource", (request) => {
    if (request.getType() !== stackType) resources.push(registered(request));
  });
  listen("registerResourceOutputs", (request) => {
    if (typeOf(request.getUrn()) === stackType) outputs = properties(request.getOutputs());
  });
  let failure: Error | undefined;
  await pulumi.runtime.runInPulumiStack(() => {
    try {
      return Promise.resolve(program() ?? {});
    } catch (error) {
      // Thrown through the stack it would also end the test process as an unhandled rejection.
      failure = error instanceof Error ? error : new Error(String(error));
      return Promise.resolve({});
    }
  });
  await pulumi.runtime.disconnect();
  if (failure !== undefined) throw failure;
  return { resources: resources.toSorted(order), outputs };
}

const stackType = "pulumi:pulumi:Stack";

const call: pulumi.runtime.Mocks["call"] = ({ token }) => {
  throw new Error(`unexpected provider call ${token}`);
};

const firstPreview: pulumi.runtime.Mocks = {
  call,
  newResource: () => ({ id: undefined, state: {} }),
};

const deployed: pulumi.runtime.Mocks = {
  call,
  newResource: ({ type, name, inputs }) => ({
    id: `${name}-id`,
    state: deployedState(type, name, inputs),
  }),
};

function deployedState(
  type: string,
  name: string,
  inputs: pulumi.runtime.MockResourceArgs["inputs"],
) {
  if (type.startsWith("kubernetes:")) return { ...inputs, metadata: { name, ...inputs.metadata } };
  if (type === "random:index/randomPassword:RandomPassword") return { ...inputs, result: "random" };
  return inputs;
}

interface Requests {
  readonly registerResource: RegisterResourceRequest;
  readonly registerResourceOutputs: RegisterResourceOutputsRequest;
}

/** Mocks see neither options nor parents; the requests to the engine hold both. */
function listen<Method extends keyof Requests>(
  method: Method,
  record: (request: Requests[Method]) => void,
): void {
  const monitor = pulumi.runtime.getMonitor();
  if (monitor === undefined) throw new Error("the mock monitor is not installed");
  const forward = monitor[method];
  Object.assign(monitor, {
    [method](request: Requests[Method], callback: unknown): unknown {
      record(request);
      return Reflect.apply(forward, monitor, [request, callback]);
    },
  });
}

function registered(request: RegisterResourceRequest): Registered {
  return {
    type: request.getType(),
    name: request.getName(),
    inputs: properties(request.getObject()),
    provider: reference(request.getProvider()),
    parent: reference(request.getParent()),
    protect: request.getProtect() ?? false,
    retainOnDelete: request.getRetainondelete() ?? false,
    ignoreChanges: request.getIgnorechangesList(),
    updateTimeout: request.getCustomtimeouts()?.getUpdate() || undefined,
    dependencies: request
      .getDependenciesList()
      .flatMap((urn) => reference(urn) ?? [])
      .toSorted(),
  };
}

/** `urn:pulumi:stack::project::parent$type::name[::id]` to `type::name`; `undefined` for the stack. */
function reference(urn: string): string | undefined {
  const type = typeOf(urn);
  return type === undefined || type === stackType ? undefined : `${type}::${urn.split("::")[3]}`;
}

function typeOf(urn: string): string | undefined {
  return urn.split("::")[2]?.split("$").at(-1);
}

/** Markers of Pulumi's wire format (`sdk/nodejs/runtime/rpc`). */
const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

function properties(struct: Struct | undefined): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(struct?.toJavaScript() ?? {}).map(([key, value]) => [key, plain(value)]),
  );
}

function plain(wire: unknown): unknown {
  if (wire === unknownValue) return "(unknown)";
  if (Array.isArray(wire)) return wire.map(plain);
  if (typeof wire !== "object" || wire === null) return wire;
  if (signature in wire && wire[signature] === secretSignature) {
    return { secret: plain("value" in wire ? wire.value : undefined) };
  }
  return Object.fromEntries(Object.entries(wire).map(([key, value]) => [key, plain(value)]));
}

function order(a: Registered, b: Registered): number {
  return compare(a.type, b.type) || compare(a.name, b.name);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
