import { z } from "zod";
import type { KubeClient } from "../api/client.ts";
import { failure } from "../api/failure.ts";
import { DeployError } from "../errors.ts";
import type { Entries, Sources } from "./mounts.ts";

const configMapSchema = z.object({ data: z.record(z.string(), z.string()).default({}) });
const podsSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({
        name: z.string(),
        uid: z.string(),
        deletionTimestamp: z.string().optional(),
      }),
      spec: z.object({
        serviceAccountName: z.string().optional(),
        nodeName: z.string().optional(),
      }),
    }),
  ),
});
const tokenSchema = z.object({
  status: z.object({ token: z.string(), expirationTimestamp: z.string() }),
});

/** A token with the time from which on it should be asked for anew, ms since 1970. */
interface Issued {
  readonly token: Buffer;
  readonly renewAt: number;
}

/** A kubelet asks anew when four fifths of a token's life are over. */
const renewAfter = 0.8;

/** Volumes of pods of one service account, read from an API server. Tokens are kept until they grow old. */
export function apiSources(client: KubeClient, namespace: string, account: string): Sources {
  const tokens = new Map<string, Issued>();
  const place = `/api/v1/namespaces/${namespace}`;
  const entries = async (kind: "configmaps" | "secrets", name: string) => {
    const { status, body } = await client.send("GET", `${place}/${kind}/${name}`);
    if (status === 404) return undefined;
    if (status !== 200) throw failure(`${kind} ${namespace}/${name} cannot be read`, status, body);
    const encoding = kind === "secrets" ? "base64" : "utf8";
    return decoded(configMapSchema.parse(body).data, encoding);
  };
  return {
    configMap: (name) => entries("configmaps", name),
    secret: (name) => entries("secrets", name),
    token: async (audience, expirationSeconds) => {
      const pod = await podOf(client, place, account);
      const key = `${pod.uid} ${audience ?? ""} ${expirationSeconds ?? ""}`;
      const known = tokens.get(key);
      if (known !== undefined && Date.now() < known.renewAt) return known.token;
      const issued = await requestToken(client, `${place}/serviceaccounts/${account}/token`, pod, {
        ...(audience === undefined ? {} : { audiences: [audience] }),
        ...(expirationSeconds === undefined ? {} : { expirationSeconds }),
      });
      tokens.set(key, issued);
      return issued.token;
    },
  };
}

interface PlacedPod {
  readonly name: string;
  readonly uid: string;
  readonly node: string;
}

/** The pod that an account's process stands in for: tokens are bound to it, and end with it. */
async function podOf(client: KubeClient, place: string, account: string): Promise<PlacedPod> {
  const { status, body } = await client.send("GET", `${place}/pods`);
  if (status !== 200) throw failure("pods cannot be listed", status, body);
  const [pod] = podsSchema
    .parse(body)
    .items.filter(
      ({ metadata, spec }) =>
        spec.serviceAccountName === account && metadata.deletionTimestamp === undefined,
    )
    .flatMap(({ metadata: { name, uid }, spec: { nodeName: node } }) =>
      node === undefined ? [] : [{ name, uid, node }],
    );
  if (pod !== undefined) return pod;
  throw new DeployError(`no pod of account ${account} is on a node yet; wait for its Deployment`);
}

function decoded(data: Readonly<Record<string, string>>, encoding: "base64" | "utf8"): Entries {
  return new Map(Object.entries(data).map(([key, text]) => [key, Buffer.from(text, encoding)]));
}

/** As the kubelet of the pod's node asks: nobody else is given a token, and that only for a pod it runs. */
async function requestToken(
  client: KubeClient,
  path: string,
  { name, uid, node }: PlacedPod,
  spec: object,
): Promise<Issued> {
  const boundObjectRef = { apiVersion: "v1", kind: "Pod", name, uid };
  const body = {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: { ...spec, boundObjectRef },
  };
  const as = { user: `system:node:${node}`, group: "system:nodes" };
  const asked = Date.now();
  const { status, body: answer } = await client.send("POST", path, { body, as });
  if (status !== 201) throw failure(`no token from ${path}`, status, answer);
  const parsed = tokenSchema.safeParse(answer);
  if (!parsed.success) throw new DeployError(`${path} answered with no token`);
  const { token, expirationTimestamp } = parsed.data.status;
  const life = Date.parse(expirationTimestamp) - asked;
  return { token: Buffer.from(token), renewAt: asked + life * renewAfter };
}
