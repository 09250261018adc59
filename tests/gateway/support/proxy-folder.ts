import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ProxyFiles } from "../../../components/gateway/envoy/files.ts";
import { bootstrapKey, paths } from "../../../components/gateway/names.ts";
import { type BootstrapMapping, mapBootstrap } from "../../../tools/data-plane/map-bootstrap.ts";

/** Contents of the files that Secrets bring, by their paths in a pod. */
export type SecretContents = Readonly<Record<string, string>>;

/** Writes what a proxy mounts below `folder`. @returns path of its bootstrap */
export async function writeProxy(
  folder: string,
  files: ProxyFiles,
  secrets: SecretContents,
  addresses: BootstrapMapping["addresses"] = sameAddresses(files),
): Promise<string> {
  const mapping = { addresses, files: { "/etc": folder } };
  const config = Object.entries(files).map(([name, text]) => {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) throw new Error(`${name} is no object`);
    return [`${paths.bootstrap}/${name}`, JSON.stringify(mapBootstrap(value, mapping))] as const;
  });
  for (const [path, content] of [...config, ...Object.entries(secrets)]) {
    const file = join(folder, path.slice("/etc".length));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  return join(folder, paths.bootstrap.slice("/etc".length), bootstrapKey);
}

/** Every address as it is: enough where nothing is opened. */
export function sameAddresses(files: ProxyFiles): BootstrapMapping["addresses"] {
  return Object.fromEntries(
    Object.values(files)
      .flatMap(addressesIn)
      .map((each) => [`${each.address}:${each.port}`, each]),
  );
}

/** Every `socket_address` of a JSON text. */
export function addressesIn(text: string): { readonly address: string; readonly port: number }[] {
  const found: { readonly address: string; readonly port: number }[] = [];
  JSON.parse(text, (key, value: unknown) => {
    if (key !== "socket_address" || typeof value !== "object" || value === null) return value;
    const port: unknown = Reflect.get(value, "port_value");
    found.push({ address: String(Reflect.get(value, "address")), port: Number(port) });
    return value;
  });
  return found;
}
