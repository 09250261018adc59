import { linesOf, type Reading, read, unreadable } from "../reading.ts";

export interface Clock {
  /** System time less true time, seconds. */
  readonly offsetSeconds: number;
  /** Steps from a reference clock; 0: none was reached. */
  readonly stratum: number;
  /** `Normal` where the clock follows a source. */
  readonly leapStatus: string;
}

/** Fields of `chronyc -c tracking`, of which three matter here. */
const fields = { count: 14, stratum: 2, offset: 4, leap: 13 } as const;

export function readClock(text: string): Reading<Clock> {
  const lines = linesOf(text);
  const values = lines[0]?.split(",").map((value) => value.trim()) ?? [];
  if (lines.length !== 1 || values.length !== fields.count) {
    return unreadable(`is not one line of ${fields.count} values, as chronyc -c tracking writes`);
  }
  const [offset, stratum, leap] = [
    values[fields.offset],
    values[fields.stratum],
    values[fields.leap],
  ];
  if (!isNumber(offset) || !isNumber(stratum) || leap === undefined || leap === "") {
    return unreadable("has no offset, stratum or leap status");
  }
  return read({ offsetSeconds: Number(offset), stratum: Number(stratum), leapStatus: leap });
}

function isNumber(text: string | undefined): text is string {
  return text !== undefined && /^-?\d+(?:\.\d+)?$/.test(text);
}
