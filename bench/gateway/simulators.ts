import { writeFile } from "node:fs/promises";
import * as path from "node:path";
import { selfSigned } from "../../tests/support/certificate.ts";
import { startSimulator } from "../../tools/simulator/process.ts";
import type { Side, Sites } from "./side.ts";

export const providerHost = "provider.test";
export const gatewayHost = "gateway.test";

export interface Simulators {
  readonly sites: Sites;
  /** Certificate for provider and gateway with its key, PEM. */
  readonly certificate: { readonly certificate: string; readonly key: string };
  /** Both simulators with nothing in between. */
  readonly direct: Side;
}

const model = "house-model";
const keys = { engine: "key-of-engine", provider: "key-of-provider" } as const;

/** An engine and a provider that answer at once, so that what is left of a request's time is the way. */
export async function startSimulators(folder: string): Promise<Simulators> {
  const certificate = selfSigned(providerHost, gatewayHost, "127.0.0.1");
  const file = async (name: string, content: string) => {
    const place = path.join(folder, name);
    await writeFile(place, content, { mode: 0o600 });
    return place;
  };
  const certFile = await file("tls.crt", certificate.certificate);
  const keyFile = await file("tls.key", certificate.key);
  const common = { models: [model], latency: "none" } as const;
  const engine = await startSimulator({
    ...common,
    apiKeyFile: await file("engine-key", keys.engine),
  });
  const provider = await startSimulator({
    ...common,
    role: "provider",
    apiKeyFile: await file("provider-key", keys.provider),
    tls: { certFile, keyFile },
  });
  const sites = {
    engine: { port: Number(new URL(engine.url).port), key: keys.engine },
    provider: { port: Number(new URL(provider.url).port), key: keys.provider },
    model,
    authority: certificate.certificate,
  };
  const tls = { authority: sites.authority, serverName: providerHost };
  const direct: Side = {
    name: "direct",
    targets: { local: { ...sites.engine, model }, outside: { ...sites.provider, model, tls } },
    pids: { local: [], outside: [] },
    stop: async () => {
      await Promise.all([engine.stop(), provider.stop()]);
    },
  };
  return { sites, certificate, direct };
}
