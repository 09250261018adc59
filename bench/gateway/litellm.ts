import { readFile, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { stringify } from "yaml";
import { freePorts } from "../../tools/cluster/lib/ports.ts";
import { startAttached } from "../../tools/data-plane/process.ts";
import { folderOf, installPython, isThere } from "../peers/install.ts";
import { type Side, type Sites, waitForAnswers } from "./side.ts";

const requirements = path.join(import.meta.dirname, "litellm-requirements.txt");

/** The version that is compared with, which stands in the requirements file alone. */
export async function pinnedLitellm(): Promise<string> {
  const text = await readFile(requirements, "utf8");
  const version = /^litellm\[proxy\]==(\S+)/m.exec(text)?.[1];
  if (version === undefined) throw new Error(`${requirements} pins no litellm[proxy]`);
  return version;
}

/** The proxy that others would pick. */
async function pinned() {
  const peer = { name: "litellm", version: await pinnedLitellm() };
  return { peer, binary: path.join(folderOf(peer), "bin", "litellm") };
}

/** Installs LiteLLM's proxy, with a hash for every file, into the user's cache. */
export async function installLitellm(tell: (line: string) => void): Promise<void> {
  const { peer, binary } = await pinned();
  if (await isThere(binary)) {
    tell(`litellm ${peer.version}: installed already`);
    return;
  }
  tell(`litellm ${peer.version}: installing some 750 MB`);
  const strict = ["--require-hashes", "--only-binary=:all:", "--no-deps"];
  await installPython(peer, [...strict, "-r", requirements]);
}

/** Its version, or undefined where it is not installed. */
export async function litellmVersion(): Promise<string | undefined> {
  const { peer, binary } = await pinned();
  return (await isThere(binary)) ? peer.version : undefined;
}

const key = "sk-bench";

/**
 * One worker, no database, plain HTTP to its clients and no log of single requests: less than the gateway does.
 * Everything that speaks to the outside is off.
 */
export async function startLitellm(folder: string, sites: Sites): Promise<Side> {
  const [port = 0] = await freePorts(1);
  const config = path.join(folder, "litellm.yaml");
  const authority = path.join(folder, "authority.pem");
  await writeFile(config, stringify(configuration(sites)));
  await writeFile(authority, sites.authority);
  const { binary } = await pinned();
  const service = await startAttached({
    name: "litellm",
    program: binary,
    args: ["--config", config, "--host", "127.0.0.1", "--port", String(port), "--num_workers", "1"],
    log: path.join(folder, "litellm.log"),
    env: {
      LITELLM_LOCAL_MODEL_COST_MAP: "True",
      LITELLM_TELEMETRY: "False",
      LITELLM_MODE: "PRODUCTION",
      LITELLM_LOG: "ERROR",
      DISABLE_ADMIN_UI: "True",
      NO_DOCS: "True",
      SSL_CERT_FILE: authority,
    },
    timeout: 180_000,
    isReady: async (signal) =>
      (await fetch(`http://127.0.0.1:${port}/health/liveliness`, { signal })).ok,
  });
  const targets = {
    local: { port, key, model: "local" },
    outside: { port, key, model: "outside" },
  };
  await waitForAnswers(targets);
  const { pid } = service.identity;
  return {
    name: "LiteLLM",
    targets,
    pids: { local: [pid], outside: [pid] },
    stop: () => service.stop(),
  };
}

function configuration({ engine, provider, model }: Sites): object {
  const deployment = (name: string, base: string, apiKey: string) => ({
    model_name: name,
    litellm_params: { model: `openai/${model}`, api_base: base, api_key: apiKey },
  });
  return {
    model_list: [
      deployment("local", `http://127.0.0.1:${engine.port}/v1`, engine.key),
      deployment("outside", `https://127.0.0.1:${provider.port}/v1`, provider.key),
    ],
    litellm_settings: { telemetry: false, num_retries: 1 },
    general_settings: { master_key: key },
  };
}
