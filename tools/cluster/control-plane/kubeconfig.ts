import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { privateFolder, writePrivate } from "../lib/files.ts";
import type { User } from "./certificates.ts";
import { userNames } from "./certificates.ts";
import { userConfig } from "./components.ts";
import type { Layout } from "./layout.ts";
import type { ClusterRecord } from "./record.ts";
import { serverUrl } from "./record.ts";

/** Name of the kubeconfig extension that carries the cluster's id. */
export const extensionName = "private-llm/local-cluster";

export function contextName(cluster: string): string {
  return `private-llm-${cluster}`;
}

/** Writes the admin's kubeconfig and one for each component, all with the current port. */
export async function writeKubeconfigs(layout: Layout, record: ClusterRecord): Promise<void> {
  await privateFolder(layout.userConfigs);
  for (const user of userNames) {
    const path = user === "admin" ? layout.kubeconfig : userConfig(layout, user);
    await writePrivate(path, await kubeconfig(layout, record, user));
  }
}

/** Keys are embedded, so that the file can be handed to a program as it is. */
async function kubeconfig(layout: Layout, record: ClusterRecord, user: User): Promise<string> {
  const name = contextName(record.name);
  const encoded = async (file: string) =>
    (await readFile(join(layout.pki, file))).toString("base64");
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    contexts: [{ name, context: { cluster: name, user: name } }],
    clusters: [
      {
        name,
        cluster: {
          server: serverUrl(record),
          "certificate-authority-data": await encoded("ca.crt"),
          extensions: [{ name: extensionName, extension: { cluster: record.name, id: record.id } }],
        },
      },
    ],
    users: [
      {
        name,
        user: {
          "client-certificate-data": await encoded(`${user}.crt`),
          "client-key-data": await encoded(`${user}.key`),
        },
      },
    ],
  });
}
