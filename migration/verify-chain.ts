import { inOrder, recordName, type StoredRecord } from "./stored-record.ts";

export type ChainFaultKind = "name" | "unreadable" | "gap" | "previous" | "content" | "user";

export interface ChainFault {
  readonly record: string;
  readonly kind: ChainFaultKind;
  readonly text: string;
}

/** The record that something outside the chain refers to, such as the override. */
export interface ChainHead {
  readonly sequence: number;
  readonly hash: string;
}

/**
 * What is wrong with a chain of records; empty where nothing is. The newest record has no successor that
 * holds its hash, so a change of it together with the hash beside it shows only against `head`.
 */
export function verifyChain(records: readonly StoredRecord[], head?: ChainHead): ChainFault[] {
  const chain = inOrder(records);
  const misnamed = records
    .filter(({ sequence }) => sequence === undefined)
    .map(({ name }) => fault(name, "name", "its name is not traffic-record- and six digits"));
  const single = chain.flatMap(ownFaults);
  const linked = chain.flatMap((one, index) => linkFaults(one, chain[index - 1]));
  return [...misnamed, ...single, ...linked, ...headFaults(chain, head)];
}

function fault(record: string, kind: ChainFaultKind, text: string): ChainFault {
  return { record, kind, text };
}

/** What one record says of itself. */
function ownFaults({ name, sequence, record, fault: why, hash, written }: StoredRecord) {
  const found: ChainFault[] = [];
  if (record === undefined) found.push(fault(name, "unreadable", `record.json ${why ?? "?"}`));
  else {
    if (record.sequence !== sequence) {
      found.push(fault(name, "name", `its content says that it is number ${record.sequence}`));
    }
    if (record.user !== written.user) {
      found.push(
        fault(
          name,
          "user",
          `its content names ${record.user}, but the API server knew ${written.user ?? "nobody"}`,
        ),
      );
    }
  }
  if (hash !== written.hash) {
    found.push(fault(name, "content", "its content does not have the hash written beside it"));
  }
  return found;
}

/** What a record says of the one before. */
function linkFaults(one: StoredRecord, before: StoredRecord | undefined): ChainFault[] {
  const expected = (before?.sequence ?? 0) + 1;
  const found: ChainFault[] = [];
  if (one.sequence !== expected) {
    const last = (one.sequence ?? 1) - 1;
    const missing =
      last === expected ? recordName(expected) : `${recordName(expected)} to ${recordName(last)}`;
    found.push(fault(one.name, "gap", `before it ${missing} is missing`));
  } else if (one.record !== undefined && one.record.previous !== (before?.hash ?? null)) {
    const what = before === undefined ? "it is the first, yet names one before" : "";
    found.push(
      fault(
        one.name,
        "previous",
        what === ""
          ? `it names another content for ${before?.name ?? "?"} than that has now`
          : what,
      ),
    );
  }
  return found;
}

function headFaults(chain: readonly StoredRecord[], head: ChainHead | undefined): ChainFault[] {
  if (head === undefined) return [];
  const name = recordName(head.sequence);
  const found = chain.find(({ sequence }) => sequence === head.sequence);
  if (found === undefined) return [fault(name, "gap", "the override names it, but it is missing")];
  if (found.hash === head.hash) return [];
  return [fault(name, "content", "the override names another content than it has now")];
}
