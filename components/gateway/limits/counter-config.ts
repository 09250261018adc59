import { limitsDomain } from "./descriptors.ts";

/** Where one Redis listens and keeps its files. */
export interface CounterPlaces {
  /** As Redis' `bind` takes them. */
  readonly bind: string;
  readonly port: number;
  /** Folder of the log of writes. */
  readonly data: string;
  /** File that says who may do what. */
  readonly users: string;
}

/** More than all counters of a thousand teams; above it writes are refused, and the external road closes. */
const memory = "64mb";

/**
 * Configuration of the counter. Every write goes into the log before it is answered and onto the disk within a second:
 * the end of the process loses nothing, that of the machine up to a second. Nothing is ever evicted.
 */
export function counterConfig({ bind, port, data, users }: CounterPlaces): string {
  return `${[
    `bind ${bind}`,
    `port ${port}`,
    `dir ${data}`,
    `aclfile ${users}`,
    "appendonly yes",
    "appendfsync everysec",
    // The log alone is read at the start; a snapshot would only be one more file.
    'save ""',
    `maxmemory ${memory}`,
    "maxmemory-policy noeviction",
  ].join("\n")}\n`;
}

/**
 * The only user: it counts and reads counters of the gateway, and can neither list, delete nor configure anything.
 * The password stands there as it is, because a deployment without Pulumi fills it into texts and could not
 * make its hash; of letters and digits it needs no care.
 */
export function counterUsers(password: string): string {
  return `user default reset on >${password} ~${limitsDomain}_* +incrby +expire +get +ping\n`;
}
