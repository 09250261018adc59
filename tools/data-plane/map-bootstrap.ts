/** Where a configuration that was rendered for a cluster finds its addresses and files on this machine. */
export interface BootstrapMapping {
  /** By `ADDRESS:PORT` as rendered. */
  readonly addresses: Readonly<Record<string, { readonly address: string; readonly port: number }>>;
  /** Files and folders by the start of their paths; of two that fit, the longer counts. */
  readonly files: Readonly<Record<string, string>>;
}

/**
 * The same configuration with other addresses and paths, and nothing else changed: what runs here is what runs in
 * the cluster.
 * @param bootstrap a bootstrap, or another resource file of a proxy
 * @throws Error for an address or path that the mapping does not know
 */
export function mapBootstrap(bootstrap: object, mapping: BootstrapMapping): object {
  return mappedObject(bootstrap, mapping);
}

function mapped(value: unknown, key: string, mapping: BootstrapMapping): unknown {
  if (Array.isArray(value)) return value.map((each) => mapped(each, key, mapping));
  if (typeof value === "object" && value !== null) {
    return key === "socket_address"
      ? mappedAddress(value, mapping)
      : mappedObject(value, mapping, key);
  }
  if (typeof value !== "string") return value;
  if (key === "filename" || key === "path_config_source.path" || key === "watched_directory.path") {
    return mappedPath(value, mapping);
  }
  if (value.startsWith("/etc/")) {
    throw new Error(
      `${key} is "${value}", which looks like a file where none is known; teach mapBootstrap that field`,
    );
  }
  return value;
}

/** A field named `path` is a file only below some fields; elsewhere it is a path of a URL. */
function mappedObject(value: object, mapping: BootstrapMapping, parent = ""): object {
  const entries = Object.entries(value).map(([key, each]: [string, unknown]) => {
    const name = key === "path" && typeof each === "string" ? `${parent}.path` : key;
    return [key, mapped(each, name, mapping)] as const;
  });
  return Object.fromEntries(entries);
}

function mappedAddress(value: object, { addresses }: BootstrapMapping): object {
  const host: unknown = Reflect.get(value, "address");
  const port: unknown = Reflect.get(value, "port_value");
  const others = Object.keys(value).filter((key) => key !== "address" && key !== "port_value");
  const rendered = `${String(host)}:${String(port)}`;
  const found = addresses[rendered];
  if (found === undefined || others.length > 0) {
    throw new Error(
      `socket_address ${JSON.stringify(value)} has no mapping; add "${rendered}" to addresses` +
        (others.length > 0 ? `, and teach mapBootstrap ${others.join(", ")}` : ""),
    );
  }
  return { address: found.address, port_value: found.port };
}

function mappedPath(path: string, { files }: BootstrapMapping): string {
  const [best] = Object.keys(files)
    .filter((start) => path === start || path.startsWith(`${start}/`))
    .toSorted((a, b) => b.length - a.length);
  if (best === undefined) {
    throw new Error(`the file ${path} has no mapping; add it or a folder above it to files`);
  }
  return `${files[best] ?? ""}${path.slice(best.length)}`;
}
