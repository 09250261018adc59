import type { StoredRecord } from "../../migration/stored-record.ts";
import { plain, sharesText } from "./text.ts";

/** Every change, oldest first. */
export function historyText(records: readonly StoredRecord[]): string {
  if (records.length === 0) return "no changes yet\n";
  return records.map(recordText).join("");
}

function recordText({ name, record, fault }: StoredRecord): string {
  if (record === undefined) return `${name}  cannot be read: ${fault ?? "?"}\n`;
  const { sequence, time, user, action, reason, before, after } = record;
  const lines = Object.entries(after).map(
    ([one, shares]) => `     ${one}: ${sharesText(before[one] ?? {})} -> ${sharesText(shares)}`,
  );
  const head = `${String(sequence).padStart(3)}  ${time}  ${user}  ${action}: ${reason}`;
  return [head, ...lines].map((line) => `${plain(line)}\n`).join("");
}
