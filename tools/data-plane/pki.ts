import { readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { createAuthority, issue } from "../cluster/control-plane/certificates.ts";
import { privateFolder, readIfPresent, writePrivate } from "../cluster/lib/files.ts";

/** Certificates of the local data plane: an authority of its own, and what it signed. */
export interface DataPlanePki {
  /** File that clients of the local gateway trust. */
  readonly authority: string;
  readonly gateway: { readonly certificate: string; readonly key: string };
  readonly providers: { readonly certificateFile: string; readonly keyFile: string };
}

const gatewayNames = ["localhost", "gateway", "gateway.gateway.svc", "gateway-closed.gateway.svc"];

/** File that clients of the local gateway trust. */
export function authorityFile(folder: string): string {
  return join(folder, "pki", "ca.crt");
}

/**
 * Makes the authority and its certificates, unless the folder has them for the same hosts.
 * @param hosts providers that simulators stand in for
 */
export async function dataPlanePki(
  folder: string,
  hosts: readonly string[],
): Promise<DataPlanePki> {
  const named = join(folder, "pki");
  if ((await readIfPresent(join(named, hostsFile))) !== listed(hosts)) await create(named, hosts);
  return {
    authority: authorityFile(folder),
    gateway: {
      certificate: await readFile(join(named, "gateway.crt"), "utf8"),
      key: await readFile(join(named, "gateway.key"), "utf8"),
    },
    providers: {
      certificateFile: join(named, "providers.crt"),
      keyFile: join(named, "providers.key"),
    },
  };
}

async function create(folder: string, hosts: readonly string[]): Promise<void> {
  const draft = `${folder}.unfinished`;
  await rm(draft, { recursive: true, force: true });
  await privateFolder(draft);
  const authority = await createAuthority(draft, "ca", "private-llm local data plane");
  await issue(draft, "gateway", authority, { commonName: "gateway" }, [
    { name: "extKeyUsage", serverAuth: true },
    {
      name: "subjectAltName",
      altNames: [...gatewayNames.map(dnsName), { type: 7, ip: "127.0.0.1" }],
    },
  ]);
  await issue(draft, "providers", authority, { commonName: "simulated providers" }, [
    { name: "extKeyUsage", serverAuth: true },
    { name: "subjectAltName", altNames: ["localhost", ...hosts].map(dnsName) },
  ]);
  await writePrivate(join(draft, hostsFile), listed(hosts));
  await rm(folder, { recursive: true, force: true });
  await rename(draft, folder);
}

/** Says for which hosts the certificates are. */
const hostsFile = "hosts";

function listed(hosts: readonly string[]): string {
  return hosts.join("\n");
}

function dnsName(value: string) {
  return { type: 2, value };
}
