import { credentials, Metadata, type ServiceError } from "@grpc/grpc-js";
import stubs from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/analyzer_pb.js";
import structs, { type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb.js";
import type { Resource } from "../policies/model/resource.ts";
import { isArray, unknown, type Value, type ValueObject } from "../policies/model/value.ts";
import { unknownSentinel } from "./wire.ts";

/** A violation as the pack reports it to the engine. */
export interface PackFinding {
  /** Such as "E04-default-deny". */
  readonly policy: string;
  readonly urn: string;
  readonly message: string;
  readonly enforcement: "advisory" | "mandatory" | "disabled" | "remediate";
}

/** The engine's own limit; a stack with large ConfigMaps passes the library's default of 4 MiB. */
const maxMessageBytes = 400 * 1024 * 1024;
/** Longest wait for one answer, in milliseconds. */
const answerTimeout = 60_000;

const levels = new Map<number, PackFinding["enforcement"]>([
  [messages.EnforcementLevel.ADVISORY, "advisory"],
  [messages.EnforcementLevel.MANDATORY, "mandatory"],
  [messages.EnforcementLevel.DISABLED, "disabled"],
  [messages.EnforcementLevel.REMEDIATE, "remediate"],
]);

/** Asks a pack about every resource and then about the whole stack, in the engine's order. */
export async function askPack(
  address: string,
  resources: readonly Resource[],
  stackName: string,
): Promise<readonly PackFinding[]> {
  const client = new stubs.AnalyzerClient(address, credentials.createInsecure(), {
    "grpc.max_receive_message_length": maxMessageBytes,
    "grpc.max_send_message_length": maxMessageBytes,
  });
  try {
    const stack = new messages.AnalyzerStackConfigureRequest().setStack(stackName).setDryRun(true);
    await answer((done) => client.configureStack(stack, new Metadata(), deadline(), done));
    const findings: PackFinding[] = [];
    for (const resource of resources) {
      const request = fill(new messages.AnalyzeRequest(), resource);
      findings.push(
        ...read(await answer((done) => client.analyze(request, new Metadata(), deadline(), done))),
      );
    }
    const whole = new messages.AnalyzeStackRequest().setResourcesList(resources.map(stackResource));
    const last = await answer<messages.AnalyzeResponse>((done) =>
      client.analyzeStack(whole, new Metadata(), deadline(), done),
    );
    return [...findings, ...read(last)];
  } finally {
    client.close();
  }
}

function deadline(): { readonly deadline: number } {
  return { deadline: Date.now() + answerTimeout };
}

function answer<T>(
  call: (done: (error: ServiceError | null, response: T) => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    call((error, response) => {
      if (error === null) resolve(response);
      else reject(new Error(`the policy pack broke down: ${error.details || error.message}`));
    });
  });
}

function stackResource(resource: Resource): messages.AnalyzerResource {
  const message = fill(new messages.AnalyzerResource(), resource)
    .setParent(resource.parent ?? "")
    .setDependenciesList([...resource.dependencies]);
  for (const [property, urns] of Object.entries(resource.propertyDependencies ?? {})) {
    const sources = new messages.AnalyzerPropertyDependencies().setUrnsList([...urns]);
    message.getPropertydependenciesMap().set(property, sources);
  }
  return message;
}

function fill<T extends messages.AnalyzeRequest | messages.AnalyzerResource>(
  message: T,
  resource: Resource,
): T {
  // Without options the SDK takes its caller for an engine too old to talk to.
  const options = new messages.AnalyzerResourceOptions()
    .setProtect(resource.options.protect)
    .setIgnorechangesList([...resource.options.ignoreChanges])
    .setCustomtimeouts(new messages.AnalyzerResourceOptions.CustomTimeouts())
    .setParent(resource.parent ?? "");
  message.setType(resource.type);
  message.setName(resource.name);
  message.setUrn(resource.urn);
  message.setOptions(options);
  message.setProperties(structs.Struct.fromJavaScript(wireObject(resource.properties)));
  return message;
}

function wireObject(object: ValueObject): { [key: string]: JavaScriptValue } {
  return Object.fromEntries(
    Object.entries(object).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, wireValue(value)]],
    ),
  );
}

function wireValue(value: Value): JavaScriptValue {
  if (value === unknown) return unknownSentinel;
  if (isArray(value)) return value.map(wireValue);
  return typeof value === "object" && value !== null ? wireObject(value) : value;
}

function read(response: messages.AnalyzeResponse): readonly PackFinding[] {
  return response.getDiagnosticsList().map((each) => ({
    policy: each.getPolicyname(),
    urn: each.getUrn(),
    // The SDK puts the rule's description in front of every message.
    message: withoutPrefix(each.getMessage(), `${each.getDescription()}\n`),
    // A level that this program does not know must not read as harmless.
    enforcement: levels.get(each.getEnforcementlevel()) ?? "mandatory",
  }));
}

function withoutPrefix(text: string, prefix: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : text;
}
