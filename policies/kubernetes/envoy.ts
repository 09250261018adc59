import { elements, type Field, get, textOf } from "../model/field.ts";
import type { KubeObject } from "../model/kube-object.ts";
import { isObject } from "../model/value.ts";
import { configTexts, objectsBelow } from "./config-texts.ts";

/** Words by which Envoy's configuration is known, whatever part of it a text holds. */
const marks =
  /type\.googleapis\.com\/envoy|static_resources|staticResources|filter_chains|filterChains|virtual_hosts|virtualHosts|http_filters|httpFilters/;

/** Envoy configuration inside an object: readable documents, and texts that cannot be read. */
export interface EnvoyConfig {
  readonly documents: readonly Field[];
  readonly unread: readonly Field[];
}

export function envoyConfig(object: KubeObject): EnvoyConfig {
  const found = configTexts(object).filter(({ text }) => marks.test(text));
  return {
    documents: found.flatMap(({ documents }) => documents ?? []),
    unread: found.filter(({ documents }) => documents === undefined).map(({ field }) => field),
  };
}

/** A field by either spelling: Envoy takes the names of its definitions and those of JSON. */
export function envoyField(field: Field, name: string): Field {
  const snake = get(field, name);
  if (snake.value !== undefined) return snake;
  const camel = get(
    field,
    name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
  );
  return camel.value === undefined ? snake : camel;
}

/** Every object at or below a field; looked up many times in documents that are long. */
const below = new WeakMap<object, { readonly path: string; readonly objects: readonly Field[] }>();

function objectsOf(field: Field): readonly Field[] {
  const { value, path } = field;
  if (!isObject(value)) return [...objectsBelow(field)];
  const known = below.get(value);
  if (known?.path === path) return known.objects;
  const objects = [...objectsBelow(field)];
  below.set(value, { path, objects });
  return objects;
}

/** Objects of a document that hold a field of this name. */
export function holding(document: Field, name: string): readonly Field[] {
  return objectsOf(document).filter((each) => envoyField(each, name).value !== undefined);
}

/** What a filter or another extension is: by its type, which counts, or else by its name. */
export function extensionName(extension: Field): string {
  const config = envoyField(extension, "typed_config");
  const discovery = envoyField(extension, "config_discovery");
  if (config.value === undefined && discovery.value !== undefined) {
    // One that comes from elsewhere may be of no other type than these.
    const [type, ...more] = elements(envoyField(discovery, "type_urls"));
    return type === undefined || more.length > 0 ? "" : (textOf(type) ?? "");
  }
  // A wrapper carries the type of what it wraps.
  const wrapped = textOf(envoyField(config, "type_url"));
  return wrapped ?? textOf(get(config, "@type")) ?? textOf(get(extension, "name")) ?? "";
}

/** HTTP connection managers of a document: what turns bytes of a client into requests. */
export function connectionManagers(document: Field): readonly Field[] {
  return objectsOf(document).filter((each) => {
    const type = textOf(get(each, "@type"));
    // Filters on the way to a cluster: whoever got that far was asked before.
    if (type?.endsWith(".HttpProtocolOptions") === true) return false;
    return (
      envoyField(each, "http_filters").value !== undefined ||
      type?.endsWith("HttpConnectionManager") === true
    );
  });
}

/** Routes of a document with their virtual host, wherever it stands. */
export function routesOf(
  document: Field,
): readonly { readonly host: Field; readonly route: Field }[] {
  return holding(document, "virtual_hosts").flatMap((config) =>
    elements(envoyField(config, "virtual_hosts")).flatMap((host) =>
      elements(get(host, "routes")).map((route) => ({ host, route })),
    ),
  );
}
