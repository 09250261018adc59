import { z } from "zod";
import { revisionSchema } from "../infra/lock.ts";
import { isEncryptedOrLocal } from "./hosts.ts";
import { ReadError } from "./read-error.ts";

export interface Hub {
  /** Such as `https://huggingface.co`, without a slash at its end. */
  readonly url: string;
  /** For models that ask for a licence to be accepted; sent, never shown. */
  readonly token?: string | undefined;
}

export const huggingFace = "https://huggingface.co";

const answerSchema = z.looseObject({ id: z.string(), sha: revisionSchema });

/**
 * Commit that the branch `main` of a model repository points at.
 * @throws ReadError
 */
export async function readModelRevision(
  hub: Hub,
  repository: string,
  signal: AbortSignal,
): Promise<string> {
  const url = `${hub.url}/api/models/${repository}/revision/main`;
  const response = await askHub(url, hub, repository, signal);
  const answer = answerSchema.safeParse(await response.json().catch(() => undefined));
  if (!answer.success) {
    throw new ReadError(
      `${url}: the answer holds no name and commit of 40 hexadecimal digits`,
      "find out who answers in the hub's place",
    );
  }
  const { id, sha } = answer.data;
  if (id === repository) return sha;
  throw new ReadError(
    `${url}: answers for ${JSON.stringify(id.slice(0, 200))}`,
    "the repository was renamed; check who owns it now and correct components/lib/models/catalogue.ts",
  );
}

/**
 * An answer of the hub about a repository.
 * @throws ReadError where it is refused, or cannot be had over an encrypted connection
 */
export async function askHub(
  url: string,
  hub: Hub,
  repository: string,
  signal: AbortSignal,
): Promise<Response> {
  if (!isEncryptedOrLocal(new URL(url))) {
    throw new ReadError(`${url}: is not encrypted`, "use a hub behind https://");
  }
  const response = await ask(url, hub, signal);
  if (response.ok) return response;
  throw refusal(url, response.status, repository, hub);
}

async function ask(url: string, hub: Hub, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, { headers: authorization(hub), signal });
  } catch (error) {
    if (signal.aborted || error instanceof ReadError || !(error instanceof Error)) throw error;
    const cause = error.cause instanceof Error ? error.cause.message : "";
    throw new ReadError(
      `${url}: ${cause || error.message}`,
      `check that ${new URL(url).host} can be reached from here, by proxy if need be (NODE_USE_ENV_PROXY=1 and HTTPS_PROXY)`,
    );
  }
}

/** Checked here, because the platform's own message about a bad header shows the value. */
function authorization({ token }: Hub): Record<string, string> {
  if (token === undefined || token === "") return {};
  if (/^[\x21-\x7e]+$/.test(token)) return { authorization: `Bearer ${token}` };
  throw new ReadError(
    "HF_TOKEN: holds a space, a line break or a letter outside ASCII",
    "set it to the token alone",
  );
}

function refusal(url: string, status: number, repository: string, hub: Hub): ReadError {
  const reason = `${url}: HTTP ${status}`;
  switch (status) {
    case 401:
    case 403:
      return new ReadError(
        reason,
        hub.token === undefined || hub.token === ""
          ? `accept the licence at ${hub.url}/${repository}, make a read token and set HF_TOKEN`
          : `accept the licence at ${hub.url}/${repository} with the account that HF_TOKEN belongs to`,
      );
    case 404:
      return new ReadError(reason, "correct the repository in components/lib/models/catalogue.ts");
    case 429:
      return new ReadError(reason, "the hub limits how often it is read; wait, or set HF_TOKEN");
    default:
      return new ReadError(reason, "try again later");
  }
}
