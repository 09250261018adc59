import { at, type Value } from "../../policies/model/value.ts";

/** Why something cannot be read, in the server's own words. */
export function saidBy(status: number, body: Value): string {
  const message = at(body, "message");
  const said = typeof message === "string" ? message : `the server answers HTTP ${status}`;
  return status === 403 || status === 401
    ? `${said}; grant list on it to whoever runs this check`
    : said;
}
