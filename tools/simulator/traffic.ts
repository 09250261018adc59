import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { isRecord } from "./values.ts";

/** One request as it came in, with what is secret replaced by the start of its hash. */
export interface SeenRequest {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Null where it was no JSON. */
  readonly body: unknown;
}

interface Held extends SeenRequest {
  readonly hashed: ReadonlyMap<string, string>;
}

const kept = 20;
/** A scan for paths must not fill the memory. */
const mostPaths = 200;
const secretHeaders = ["authorization", "api-key", "x-api-key", "proxy-authorization", "cookie"];

/** What has reached this backend, for tests that look at that. Held in memory alone. */
export class Traffic {
  requests = 0;
  completed = 0;
  failed = 0;
  aborted = 0;
  streams = 0;
  lastRequestAt: number | null = null;
  readonly #byModel = new Map<string, number>();
  readonly #byPath = new Map<string, number>();
  readonly #keys = new Set<string>();
  readonly #hashes = new Map<string, string>();
  #last: Held[] = [];

  path(path: string): void {
    const known = this.#byPath.has(path) || this.#byPath.size < mostPaths;
    add(this.#byPath, known ? path : "other");
  }

  /** A request on an API path, whatever becomes of it. */
  api(method: string, path: string, headers: IncomingHttpHeaders, body: unknown): void {
    this.requests++;
    const at = Date.now();
    this.lastRequestAt = at;
    if (isRecord(body)) {
      if (typeof body["model"] === "string") add(this.#byModel, body["model"]);
      if (body["stream"] === true) this.streams++;
    }
    const key = headers.authorization ?? headers["api-key"];
    if (typeof key === "string") this.#keys.add(this.#hash(key));
    const hashed = this.#secrets(headers);
    this.#last.push({ at, method, path, headers, body, hashed });
    if (this.#last.length > 2 * kept) this.#last = this.#last.slice(-kept);
  }

  last(count: number): SeenRequest[] {
    return this.#last.slice(-Math.min(count, kept)).map(({ hashed, headers, ...seen }) => ({
      ...seen,
      headers: { ...headers, ...Object.fromEntries(hashed) },
    }));
  }

  counters() {
    return {
      requests: this.requests,
      byModel: Object.fromEntries(this.#byModel),
      byPath: Object.fromEntries(this.#byPath),
      completed: this.completed,
      failed: this.failed,
      aborted: this.aborted,
      streams: this.streams,
      lastRequestAt: this.lastRequestAt,
      keysSeen: this.#keys.size,
    };
  }

  reset(): void {
    this.requests = this.completed = this.failed = this.aborted = this.streams = 0;
    this.lastRequestAt = null;
    for (const all of [this.#byModel, this.#byPath, this.#keys]) all.clear();
    this.#last = [];
  }

  #secrets(headers: IncomingHttpHeaders): ReadonlyMap<string, string> {
    const hashed = new Map<string, string>();
    for (const name of secretHeaders) {
      const value = headers[name];
      if (typeof value === "string") hashed.set(name, this.#hash(value));
    }
    return hashed;
  }

  /** Remembered, as nearly all requests carry one of a few keys. */
  #hash(secret: string): string {
    const known = this.#hashes.get(secret);
    if (known !== undefined) return known;
    const digest = createHash("sha256").update(secret).digest("hex").slice(0, 16);
    if (this.#hashes.size > 10_000) this.#hashes.clear();
    this.#hashes.set(secret, `sha256:${digest}`);
    return `sha256:${digest}`;
  }
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
