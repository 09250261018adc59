import type { Desired, DesiredClass } from "../components/lib/migration/desired.ts";
import { type PhaseName, phaseNames } from "../components/lib/migration/phases.ts";
import type { Weights } from "../components/lib/migration/task-class.ts";
import {
  type Aim,
  type Aims,
  type ChangeRequest,
  type LeftAlone,
  refused,
} from "./change-request.ts";
import { allShares, isOpen, sharesFault } from "./shares.ts";

/** What a request means for each class, or why it cannot be done. */
export function aimsOf(desired: Desired, request: ChangeRequest): Aims {
  switch (request.action) {
    case "set":
      return setAims(desired, request.class, request.weights);
    case "promote":
      return promoteAims(desired, request.phase, request.classes);
    case "rollback":
      return request.classes === "all"
        ? everyClass(desired, rollbackAim)
        : eachClass(desired, request.classes, rollbackAim);
    case "clear":
      return request.classes.length === 0
        ? everyClass(desired, (one) => ({ class: one, shares: undefined }))
        : eachClass(desired, request.classes, (one) => ({ class: one, shares: undefined }));
    default:
      request satisfies never;
      throw new Error("unreachable");
  }
}

/** An aim, or the reason why there is none for this class. */
type Aiming = (one: DesiredClass) => Aim | string;

function setAims(desired: Desired, name: string, weights: Weights): Aims {
  return eachClass(desired, [name], (one) => {
    const fault = sharesFault(one, weights);
    return fault ?? { class: one, shares: { phase: null, weights: allShares(one, weights) } };
  });
}

function promoteAims(desired: Desired, phase: string, names: readonly string[]): Aims {
  const known: PhaseName | undefined = phaseNames.find((each) => each === phase);
  if (known === undefined) {
    return refused(`"${phase}" is no phase; phases are ${phaseNames.join(", ")}`);
  }
  const aim = (one: DesiredClass): Aim => ({
    class: one,
    shares: { phase: known, weights: allShares(one, one.phases[known]) },
  });
  return names.length === 0 ? everyClass(desired, aim) : eachClass(desired, names, aim);
}

/** Everything to where the class came from: its first backend outside. */
function rollbackAim(one: DesiredClass): Aim | string {
  const home = one.backends.find(({ kind }) => kind === "external");
  if (home === undefined) {
    return `class ${one.name} has no backend outside to go back to; move it between its own with traffic set`;
  }
  return { class: one, shares: { phase: null, weights: allShares(one, { [home.name]: 100 }) } };
}

/** Classes that were named: each has to be possible. */
function eachClass(desired: Desired, names: readonly string[], aiming: Aiming): Aims {
  const aims: Aim[] = [];
  if (names.length === 0) return refused(`name a class, or --all; ${existing(desired)}`);
  for (const name of new Set(names)) {
    const one = desired.classes.find((each) => each.name === name);
    if (one === undefined) return refused(`"${name}" is no task class; ${existing(desired)}`);
    const aim = closedReason(one) ?? aiming(one);
    if (typeof aim === "string") return refused(aim);
    aims.push(aim);
  }
  return { kind: "aims", aims, left: [] };
}

/** All classes: what is not possible for one is left alone. */
function everyClass(desired: Desired, aiming: Aiming): Aims {
  const aims: Aim[] = [];
  const left: LeftAlone[] = [];
  for (const one of desired.classes) {
    const aim = closedReason(one) ?? aiming(one);
    if (typeof aim === "string") left.push({ class: one.name, reason: aim });
    else aims.push(aim);
  }
  if (aims.length > 0) return { kind: "aims", aims, left };
  return refused(
    `nothing to change: ${left.map(({ reason }) => reason).join("; ") || "the stack has no task class"}`,
  );
}

function closedReason(one: DesiredClass): string | undefined {
  if (isOpen(one)) return undefined;
  return (
    `class ${one.name} is ${one.dataClass}: it cannot go outside, and its routes are static; ` +
    "change its shares in the stack file"
  );
}

function existing({ classes }: Desired): string {
  return `classes are ${classes.map(({ name }) => name).join(", ") || "none"}`;
}
