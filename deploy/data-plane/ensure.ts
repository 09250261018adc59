import { createHash } from "node:crypto";
import { join } from "node:path";
import { stringify } from "yaml";
import { z } from "zod";
import {
  bootstrapKey,
  engineKeysSecret,
  paths,
  routeController,
} from "../../components/gateway/names.ts";
import { usedEngines } from "../../components/gateway/parts.ts";
import { controllerAddress, limitsAddress } from "../../components/gateway/service-addresses.ts";
import type { PlatformConfig } from "../../infra/config/platform.ts";
import { privateFolder, writePrivate } from "../../tools/cluster/lib/files.ts";
import type { Progress } from "../../tools/cluster/progress.ts";
import { envoyBinary } from "../../tools/data-plane/binaries/envoy.ts";
import { ratelimitBinary } from "../../tools/data-plane/binaries/ratelimit.ts";
import { ensureRedis, redisRemedy } from "../../tools/data-plane/binaries/redis.ts";
import { dataPlaneFolder, dataPlaneRecords } from "../../tools/data-plane/folders.ts";
import { type BootstrapMapping, mapBootstrap } from "../../tools/data-plane/map-bootstrap.ts";
import { dataPlanePki } from "../../tools/data-plane/pki.ts";
import { type PortBook, portBook } from "../../tools/data-plane/port-book.ts";
import { ensureServices } from "../../tools/data-plane/recorded.ts";
import type { KubeClient } from "../api/client.ts";
import { DeployError } from "../errors.ts";
import { clientUrls } from "./client-urls.ts";
import { countingFiles } from "./counting.ts";
import { makeSecrets } from "./handmade.ts";
import { proxyMapping } from "./mapping.ts";
import { type DataPlaneStack, providers, proxies } from "./parts.ts";
import { mountedPod, syncFolder } from "./pods.ts";
import {
  endpointsOf,
  filesOf,
  type MappedConfig,
  portNames,
  type Surroundings,
  services,
} from "./services.ts";
import { apiSources } from "./sources.ts";

/** What people would type first, for the first replica of each gateway. */
const expectedPorts = { "gateway-1-clients": 8443, "gateway-closed-1-clients": 8444 };

export interface DataPlaneOptions {
  readonly client: KubeClient;
  /** Kubeconfig of the local cluster's administrator. */
  readonly kubeconfig: string;
  /** Authority of the API server, PEM in base64. */
  readonly serverAuthority: string;
  /** Folder of the local cluster. */
  readonly clusterFolder: string;
  readonly repository: string;
  readonly progress: Progress;
  readonly env: NodeJS.ProcessEnv;
}

/** What a user needs to know of a data plane that runs. */
export interface RunningDataPlane {
  readonly authority: string;
  readonly clients: ReturnType<typeof clientUrls>;
  readonly started: number;
  /** Why requests to providers are not counted, and so do not go out; undefined where they do. */
  readonly uncounted?: string;
}

/** The stack as the data plane sees it; `undefined` where it has no gateway. */
export function dataPlaneStack(stack: PlatformConfig): DataPlaneStack | undefined {
  const { gateway, models, namespaces, cluster } = stack;
  if (gateway === undefined) return undefined;
  const asked = usedEngines(gateway);
  return {
    gateway,
    controllerAddress: controllerAddress(gateway, cluster.network.serviceCidr),
    limitsAddress: limitsAddress(gateway, cluster.network.serviceCidr),
    models: models.map(({ name }) => name).filter((name) => asked.has(name)),
    namespaces,
  };
}

/**
 * Runs the gateway of a local stack as processes of this machine, from the objects that the API server holds:
 * Envoy with the deployed configuration, addresses mapped, the real route controller, and simulators in the
 * place of engines and providers. What runs as wanted stays as it is.
 */
export async function ensureDataPlane(
  stack: DataPlaneStack,
  options: DataPlaneOptions,
): Promise<RunningDataPlane> {
  const { client, progress, env } = options;
  const folder = dataPlaneFolder(options.clusterFolder);
  const envoy = await envoyBinary({ progress, env });
  await privateFolder(join(folder, "logs"));
  const book = await portBook(folder, portNames(stack), expectedPorts);
  const pki = await dataPlanePki(
    folder,
    providers(stack).map(({ host }) => host),
  );
  await makeSecrets(client, {
    namespace: stack.namespaces.gateway,
    certificate: pki.gateway,
    providerSecrets: providers(stack).map(({ keySecret }) => keySecret),
  });
  const mounted = await mountAll(stack, folder, client);
  const at: Surroundings = {
    folder,
    repository: options.repository,
    node: process.execPath,
    envoy,
    kubeconfig: options.kubeconfig,
    controllerKubeconfig: await controllerKubeconfig(folder, options),
    providerCertificate: pki.providers,
    ports: book,
    ...(await counting(stack, folder, book, options)),
  };
  await writePrivate(join(folder, "endpoints.json"), JSON.stringify(endpointsOf(stack, book)));
  const bootstraps = await mapAll(stack, at, pki.authority, mounted);
  const records = dataPlaneRecords(options.clusterFolder);
  const started = await ensureServices(records, services(stack, at, bootstraps), progress);
  return {
    authority: pki.authority,
    clients: clientUrls(stack, book),
    started: started.length,
    ...(stack.gateway.limits === undefined || at.counting !== undefined ? {} : { uncounted }),
  };
}

const uncounted = `this machine has no redis-server, so nothing is counted, and nothing goes to providers; install it (${redisRemedy}) and run make up again`;

/** The counter of a stack with limits, where this machine can run it. */
async function counting(
  { gateway, namespaces }: DataPlaneStack,
  folder: string,
  ports: PortBook,
  { client, progress, env }: DataPlaneOptions,
): Promise<Pick<Surroundings, "counting">> {
  if (gateway.limits === undefined) return {};
  const redis = ensureRedis((text) => progress.step(text));
  if (redis === undefined) return {};
  const ratelimit = await ratelimitBinary({ progress, env });
  const sources = apiSources(client, namespaces.gateway, "default");
  const files = await countingFiles(join(folder, "counting"), sources, ports);
  return { counting: { files, programs: { redis, ratelimit } } };
}

/** Files by path as the container sees them, by Deployment. */
type Mounted = ReadonlyMap<string, ReadonlyMap<string, Buffer>>;

/** Files of every pod, and the engines' keys for the simulators in their place. */
async function mountAll(
  stack: DataPlaneStack,
  folder: string,
  client: KubeClient,
): Promise<Mounted> {
  const { gateway } = stack.namespaces;
  const deployments = new Set<string>(proxies(stack).map(({ deployment }) => deployment));
  const mounted = new Map<string, ReadonlyMap<string, Buffer>>();
  for (const name of [...deployments, routeController]) {
    const pod = await mountedPod(client, gateway, name, filesOf(folder, name));
    const files = await pod.files();
    await syncFolder(pod.folder, files);
    mounted.set(name, files);
  }
  const keys = await apiSources(client, gateway, "default").secret(engineKeysSecret);
  await privateFolder(join(folder, "engine-keys"));
  for (const model of stack.models) {
    const key = keys?.get(model);
    if (key === undefined) {
      throw new DeployError(`Secret ${gateway}/${engineKeysSecret} has no key of ${model}`);
    }
    await writePrivate(join(folder, "engine-keys", model), key);
  }
  return mounted;
}

/** The controller's own rights: its token, and where the API server is. */
async function controllerKubeconfig(
  folder: string,
  { client, serverAuthority }: DataPlaneOptions,
): Promise<string> {
  const file = join(folder, "controller.kubeconfig");
  const name = "data-plane";
  const tokenFile = join(
    filesOf(folder, routeController),
    "/var/run/secrets/kubernetes.io/serviceaccount/token",
  );
  await writePrivate(
    file,
    stringify({
      apiVersion: "v1",
      kind: "Config",
      "current-context": name,
      contexts: [{ name, context: { cluster: name, user: name } }],
      clusters: [
        {
          name,
          cluster: { server: client.server, "certificate-authority-data": serverAuthority },
        },
      ],
      // The form in which the client library reads a file again and again, as it does inside a pod.
      users: [{ name, user: { "auth-provider": { name: "tokenFile", config: { tokenFile } } } }],
    }),
  );
  return file;
}

/** Every proxy's configuration as its pods see it, with addresses and paths of this machine. */
async function mapAll(
  stack: DataPlaneStack,
  at: Surroundings,
  authority: string,
  mounted: Mounted,
): Promise<ReadonlyMap<string, MappedConfig>> {
  const mapped = new Map<string, MappedConfig>();
  for (const proxy of proxies(stack)) {
    const rendered = configOf(proxy.deployment, mounted);
    const folder = join(at.folder, "config", proxy.name);
    const files = mappedFiles(rendered, proxyMapping(stack, at, proxy, { folder, authority }));
    await syncFolder(folder, files);
    const hash = createHash("sha256");
    for (const [file, content] of files) hash.update(file).update(content);
    mapped.set(proxy.name, { file: join(folder, bootstrapKey), hash: hash.digest("hex") });
  }
  return mapped;
}

/** Files of a proxy's configuration, by path below its folder. */
function configOf(deployment: string, mounted: Mounted): ReadonlyMap<string, Buffer> {
  const below = [...(mounted.get(deployment) ?? [])]
    .filter(([path]) => path.startsWith(`${paths.bootstrap}/`))
    .map(([path, content]) => [path.slice(paths.bootstrap.length), content] as const);
  const files = new Map(below);
  if (files.has(`/${bootstrapKey}`)) return files;
  throw new DeployError(`Deployment ${deployment} mounts no ${bootstrapKey}; run make up again`);
}

function mappedFiles(
  rendered: ReadonlyMap<string, Buffer>,
  mapping: BootstrapMapping,
): Map<string, Buffer> {
  return new Map(
    [...rendered].map(([path, content]) => {
      const document = z.record(z.string(), z.unknown()).parse(JSON.parse(content.toString()));
      const text = JSON.stringify(mapBootstrap(document, mapping), undefined, 1);
      return [path, Buffer.from(text)];
    }),
  );
}
