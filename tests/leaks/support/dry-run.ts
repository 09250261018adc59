import * as https from "node:https";
import { text } from "node:stream/consumers";
import { KubeConfig } from "@kubernetes/client-node";
import { connectTo } from "../../../deploy/api/client.ts";
import { Kinds, listPath, objectPath } from "../../../deploy/api/kinds.ts";
import type { KubeObject } from "../../../policies/model/kube-object.ts";
import type { ValueObject } from "../../../policies/model/value.ts";
import { at } from "../../../policies/model/value.ts";

/** What the API server says of an object, nothing being written. */
export interface Verdict {
  readonly by: "accepted" | "unserved" | "pod-security" | "policy" | "invalid";
  /** Its own words, where it refuses. */
  readonly said: string;
}

/** An API server that is asked with `dryRun=All`, and takes no field that it does not know. */
export interface DryRun {
  ask(object: AskedObject): Promise<Verdict>;
}

export type AskedObject = Pick<KubeObject, "apiVersion" | "kind" | "body"> & {
  readonly namespace: string | undefined;
  readonly name: string;
};

export async function dryRunOn(kubeconfig: string): Promise<DryRun> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const kinds = new Kinds(await connectTo(config));
  const options: https.RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const server = config.getCurrentCluster()?.server ?? "";
  const send = (method: string, path: string, body: ValueObject) =>
    answer(`${server}${path}?dryRun=All&fieldValidation=Strict`, { ...options, method }, body);
  return {
    ask: async ({ apiVersion, kind, namespace, name, body }) => {
      const served = await kinds.find(apiVersion, kind);
      if (served === undefined) return { by: "unserved", said: "" };
      const place = { apiVersion, kind, namespace, name };
      const created = await send("POST", listPath(served, apiVersion, namespace), body);
      // What the stack itself has made is changed instead.
      if (created.status !== 409) return verdict(created);
      return verdict(await send("PUT", objectPath(served, place), body));
    },
  };
}

async function answer(url: string, options: https.RequestOptions, body: ValueObject) {
  const content = JSON.stringify(body);
  const response = await new Promise<{ status: number; body: Promise<string> }>(
    (resolve, reject) => {
      const headers = { accept: "application/json", "content-type": "application/json" };
      const request = https.request(url, { ...options, headers }, (incoming) =>
        resolve({ status: incoming.statusCode ?? 0, body: text(incoming) }),
      );
      request.on("error", reject);
      request.end(content);
    },
  );
  return { status: response.status, body: await response.body };
}

/** A refusal that names its rule; an expression that failed names none, and would be a defect. */
const ofOurs =
  /: ValidatingAdmissionPolicy 'private-llm-[a-z-]+' with binding '.*' denied request: [A-Z]\d\d: /;

function verdict({ status, body }: { readonly status: number; readonly body: string }): Verdict {
  if (status >= 200 && status < 300) return { by: "accepted", said: "" };
  const message = at(JSON.parse(body), "message");
  const said = typeof message === "string" ? message : body;
  if (said.includes("violates PodSecurity")) return { by: "pod-security", said };
  if (ofOurs.test(said)) return { by: "policy", said };
  return { by: "invalid", said: `HTTP ${status}: ${said}` };
}
