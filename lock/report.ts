import type { Change, State } from "./changes.ts";
import type { Failure } from "./outcome.ts";
import type { LockResult, Mode } from "./run-lock.ts";

/** What changed, for a person. @param file as the user knows it */
export function changesText(result: LockResult, file: string): string {
  const shown = result.changes.filter((change) => isWorthALine(change, result.mode));
  const width = Math.max(0, ...shown.map((change) => change.key.length));
  const lines = shown.map((change) => `  ${change.key.padEnd(width)}  ${transition(change)}`);
  const ending = `${file}: ${standing(result)}; examples that remain: ${result.examples}`;
  return `${[...lines, ending].join("\n")}\n`;
}

/** A name that could not be read changes nothing; it stands among the failures. */
function isWorthALine({ state, after }: Change, mode: Mode): boolean {
  if (state === "same") return false;
  return mode === "check" || state === "unlisted" || after !== undefined;
}

/** Every failure with its remedy; empty where there is none. */
export function failuresText(failures: readonly Failure[]): string {
  if (failures.length === 0) return "";
  const lines = failures.map(({ subject: { key }, reason, remedy }) => {
    const rest = reason.startsWith(`${key}: `) ? reason.slice(key.length + 2) : reason;
    return `  ${key}\n    ${rest}\n    ${remedy}`;
  });
  return `${failures.length} could not be read:\n${lines.join("\n")}\n`;
}

function transition({ state, before, after }: Change): string {
  const now = state === "unlisted" ? "-" : short(after ?? "not read");
  return `${short(before ?? "-")} → ${now}  ${words[state]}`.trimEnd();
}

const words = {
  same: "",
  moved: "points elsewhere now",
  example: "example in the lock",
  missing: "not in the lock",
  unlisted: "nothing deploys it",
} as const satisfies Record<State, string>;

/** Enough of a digest to tell two apart; the whole is in the file. */
function short(value: string): string {
  return /^(sha256:)?[0-9a-f]{40,}$/.test(value)
    ? value.replace(/^sha256:/, "").slice(0, 12)
    : value;
}

function standing({ mode, file, changes, failures }: LockResult): string {
  const different = changes.filter((change) => change.state !== "same").length;
  switch (file) {
    case "written":
      return failures.length > 0 ? `written without ${failures.length} names` : "written";
    case "unchanged":
      return "nothing changed";
    case "withheld":
      if (mode !== "check") return "not written, because names could not be read";
      if (different > 0) return `${different} differences; nothing was written`;
      return failures.length > 0 ? "no difference among the names read" : "no difference";
    default:
      file satisfies never;
      throw new Error("unreachable");
  }
}
