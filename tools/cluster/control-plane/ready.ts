import type { Api } from "./api.ts";
import { answers } from "./api.ts";

/** What a user's first Pod needs; the last two exist only once the controller manager works. */
const required = [
  "/readyz",
  "/api/v1/namespaces/default",
  "/api/v1/namespaces/default/serviceaccounts/default",
] as const;

export async function isReady(api: Api): Promise<boolean> {
  for (const path of required) if (!(await answers(api, path))) return false;
  return true;
}
