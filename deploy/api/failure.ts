import { at, isArray, type Value } from "../../policies/model/value.ts";
import { DeployError } from "../errors.ts";

/** An answer that was not hoped for, as one error: what was tried, what the server said, what to do. */
export function failure(tried: string, status: number, body: Value): DeployError {
  const said = at(body, "message");
  const text = typeof said === "string" ? said : `HTTP ${status}`;
  return new DeployError(`${tried}: ${text}${remedy(status)}`, 1);
}

function remedy(status: number): string {
  if (status === 401)
    return "; the kubeconfig's credentials are not valid for this cluster, renew them";
  if (status === 403) return "; ask for this permission, or use a kubeconfig that has it";
  return "";
}

/** Another manager's claim to a field that the stack sets too. */
export interface Conflict {
  readonly manager: string;
  readonly field: string;
}

/** The conflicts in a refused server-side apply; empty where it was refused for another reason. */
export function conflictsOf(status: number, body: Value): Conflict[] {
  if (status !== 409) return [];
  const causes = at(body, "details", "causes");
  if (!isArray(causes)) return [];
  return causes
    .filter((cause) => at(cause, "reason") === "FieldManagerConflict")
    .map((cause) => {
      const [said, field] = [at(cause, "message"), at(cause, "field")];
      const manager =
        typeof said === "string" ? /^conflict with "([^"]*)"/.exec(said)?.[1] : undefined;
      return {
        manager: manager ?? "another manager",
        field: typeof field === "string" ? field : "?",
      };
    });
}
