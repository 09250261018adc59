import {
  recordHashKey,
  recordKey,
  recordPrefix,
  recordUserKey,
} from "../components/gateway/names.ts";
import { hashOf } from "../components/lib/migration/canonical.ts";
import {
  recordHash,
  recordSchema,
  type TrafficRecord,
} from "../components/lib/migration/override.ts";
import { readJson } from "./read-json.ts";

/** A record as it lies in the cluster. */
export interface StoredRecord {
  /** Name of its object. */
  readonly name: string;
  /** What its name says. `undefined`: the name is not one of a record. */
  readonly sequence: number | undefined;
  /** `undefined` where it cannot be read. */
  readonly record: TrafficRecord | undefined;
  /** Why it cannot. */
  readonly fault: string | undefined;
  /** Of the content as it is now. */
  readonly hash: string;
  /** Hash and user as they were written beside it. */
  readonly written: { readonly hash: string | undefined; readonly user: string | undefined };
}

const digits = 6;
export const lastSequence = 10 ** digits - 1;

export function recordName(sequence: number): string {
  return `${recordPrefix}${String(sequence).padStart(digits, "0")}`;
}

function sequenceOf(name: string): number | undefined {
  if (!name.startsWith(recordPrefix)) return undefined;
  const rest = name.slice(recordPrefix.length);
  return /^\d{6}$/.test(rest) ? Number(rest) : undefined;
}

/** @param data of the ConfigMap */
export function storedRecord(
  name: string,
  data: Readonly<Record<string, string | undefined>>,
): StoredRecord {
  const text = data[recordKey];
  const read = readJson(text, recordSchema);
  return {
    name,
    sequence: sequenceOf(name),
    record: read.ok ? read.value : undefined,
    fault: read.ok ? undefined : read.fault,
    // One that cannot be read still has a successor, which has to name something.
    hash: read.ok ? recordHash(read.value) : hashOf(text ?? ""),
    written: { hash: data[recordHashKey], user: data[recordUserKey] },
  };
}

/** Content of the object that holds a record. */
export function recordData(record: TrafficRecord): Record<string, string> {
  return {
    [recordKey]: `${JSON.stringify(record, undefined, 2)}\n`,
    [recordHashKey]: recordHash(record),
    [recordUserKey]: record.user,
  };
}

/** Those with a proper name, oldest first. */
export function inOrder(records: readonly StoredRecord[]): readonly StoredRecord[] {
  return records
    .filter(({ sequence }) => sequence !== undefined)
    .toSorted((a, b) => (a.sequence ?? 0) - (b.sequence ?? 0));
}
