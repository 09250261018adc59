import { enginePaths } from "../../lib/engine-paths.ts";
import type { DesiredClass } from "../../lib/migration/desired.ts";
import type { Weights } from "../../lib/migration/task-class.ts";
import { clientHeader, routeConfigName } from "../names.ts";
import { answerWith, apiErrors, tooLongAnswer } from "./api-errors.ts";
import { factMatch, facts } from "./client-metadata.ts";
import { modelTransform, transformFilter } from "./model-rewrite.ts";
import { modelsPage } from "./models-page.ts";
import { retryPolicy } from "./retries.ts";
import type { HeaderValue, Route, RouteConfiguration } from "./types.ts";

export interface RoutedBackend {
  readonly cluster: string;
  readonly kind: "local" | "external";
  /** Share of the class, whole percent. */
  readonly percent: number;
  /** Name to put into the `model` field. @default - the one that clients send */
  readonly model?: string;
}

/** A task class with the shares that are in force. */
export interface RoutedClass {
  readonly name: string;
  readonly backends: readonly RoutedBackend[];
  /** Whether a provider of the class answers while no model of its own can. */
  readonly failover: boolean;
  readonly latencyBudgetSeconds: number;
  /** Longest answer that a request may ask for, tokens. */
  readonly maxOutputTokens: number;
}

/** Type of the resource that `taskClassRoutes` makes, for a DiscoveryResponse. */
export const routesType = "type.googleapis.com/envoy.config.route.v3.RouteConfiguration";

/** A class of the desired routes with these shares. @throws Error for a backend without a share */
export function routedClass(desired: DesiredClass, weights: Weights): RoutedClass {
  const { name, failover, latencyBudgetSeconds, maxOutputTokens } = desired;
  const backends = desired.backends.map(({ name: backendName, ...backend }) => {
    const percent = weights[backendName];
    if (percent === undefined) {
      throw new Error(`${name}: the backend "${backendName}" has no share; give one, or 0`);
    }
    return { ...backend, percent };
  });
  return { name, failover, latencyBudgetSeconds, maxOutputTokens, backends };
}

/**
 * Cluster that stands for one of two, and for the second while the first cannot answer. Names of clusters hold
 * no plus sign, so no other pair has the same name.
 */
export function eitherCluster(first: string, second: string): string {
  return `${first}+${second}`;
}

/** Where the requests of each class go; whoever is none of them is told so. */
export function taskClassRoutes(
  classes: readonly RoutedClass[],
  publicModel: string,
): RouteConfiguration {
  const unknown = enginePaths.map((path) => ({
    name: "unknown-class",
    match: { path },
    direct_response: answerWith(apiErrors.unknownClass),
    response_headers_to_add: json,
  }));
  const foreign: Route = {
    name: "foreign-path",
    match: { prefix: "/" },
    direct_response: answerWith(apiErrors.notFound),
    response_headers_to_add: json,
  };
  return {
    name: routeConfigName,
    virtual_hosts: [
      {
        name: routeConfigName,
        domains: ["*"],
        routes: [...classes.flatMap((one) => classRoutes(one, publicModel)), ...unknown, foreign],
      },
    ],
  };
}

const json: readonly HeaderValue[] = [
  {
    header: { key: "content-type", value: "application/json" },
    append_action: "OVERWRITE_IF_EXISTS_OR_ADD",
  },
];

function classRoutes(one: RoutedClass, publicModel: string): readonly Route[] {
  return enginePaths.flatMap((path): readonly Route[] => {
    const match = {
      path,
      headers: [{ name: clientHeader, string_match: { prefix: `${one.name}/` } }],
    };
    if (path === "/v1/models") {
      return [
        {
          name: one.name,
          match,
          // Each backend would name models of its own; clients know one.
          direct_response: { status: 200, body: { inline_string: modelsPage(publicModel) } },
          response_headers_to_add: json,
        },
      ];
    }
    const forward: Route = {
      name: one.name,
      stat_prefix: one.name,
      match,
      route: {
        weighted_clusters: { clusters: shares(one), runtime_key_prefix: emergencyKey(one.name) },
        // A long stream is no fault; a silent one is.
        timeout: "0s",
        idle_timeout: "300s",
        retry_policy: retryPolicy(one, hasSecond(one)),
      },
      request_headers_to_remove: [clientHeader],
    };
    return [...(path === "/v1/embeddings" ? [] : tooLong(one, match)), forward];
  });
}

/** Beyond every number of tokens; a range of Envoy's has an end. */
const endless = 1e18;

/** Requests for a longer answer than the class allows. One that names no length gets what its server gives. */
function tooLong({ name, maxOutputTokens }: RoutedClass, match: Route["match"]): readonly Route[] {
  return [facts.maxTokens, facts.maxCompletionTokens].map((fact) => ({
    name: "too-long",
    match: {
      ...match,
      dynamic_metadata: [
        factMatch(fact, { double_match: { range: { start: maxOutputTokens + 1, end: endless } } }),
      ],
    },
    direct_response: answerWith(tooLongAnswer(name, maxOutputTokens)),
    response_headers_to_add: json,
  }));
}

/**
 * Start of the runtime keys by which a proxy's admin interface can set the shares of a class when nothing else
 * works: this, a dot and the name of a cluster.
 */
export function emergencyKey(taskClass: string): string {
  return `traffic.${taskClass}`;
}

/** Whether some share of the class has a second place to go. */
function hasSecond({ backends }: RoutedClass): boolean {
  return new Set(backends.map(({ kind }) => kind)).size > 1;
}

function shares(one: RoutedClass) {
  const total = one.backends.reduce((sum, { percent }) => sum + percent, 0);
  if (total !== 100) {
    throw new Error(`${one.name}: the shares add up to ${total} percent; give 100 in all`);
  }
  const external = one.backends.find(({ kind }) => kind === "external");
  const local = one.backends.find(({ kind }) => kind === "local");
  return one.backends.map((backend) => {
    // A provider's model is named at the way out, so the name is the engine's for both.
    const [second, model] =
      backend.kind === "local"
        ? [one.failover ? external : undefined, backend.model]
        : [local, local?.model];
    return {
      name: second === undefined ? backend.cluster : eitherCluster(backend.cluster, second.cluster),
      weight: backend.percent,
      ...(model === undefined
        ? {}
        : { typed_per_filter_config: { [transformFilter]: modelTransform({ model }) } }),
    };
  });
}
