import { join } from "node:path";
import { z } from "zod";
import { readIfPresent, writePrivate } from "../cluster/lib/files.ts";
import { freePorts, isFree } from "../cluster/lib/ports.ts";

const bookSchema = z.record(z.string(), z.int());

/** Loopback ports by name. */
export type PortBook = Readonly<Record<string, number>>;

function fileOf(folder: string): string {
  return join(folder, "ports.json");
}

/** Ports that were set aside so far; none where nothing ever ran. */
export async function readPortBook(folder: string): Promise<PortBook> {
  const text = await readIfPresent(fileOf(folder));
  return text === undefined ? {} : bookSchema.parse(JSON.parse(text));
}

/**
 * A port for each name, the same as the time before, so that what a user wrote down stays true.
 * @param preferred ports that people would expect, taken where they are free
 */
export async function portBook(
  folder: string,
  names: readonly string[],
  preferred: PortBook,
): Promise<PortBook> {
  const book = { ...(await readPortBook(folder)) };
  const missing = names.filter((name) => book[name] === undefined);
  const free = await freePorts(missing.length);
  for (const [index, name] of missing.entries()) {
    const wish = preferred[name];
    const port = wish !== undefined && (await isFree(wish)) ? wish : free[index];
    if (port !== undefined) book[name] = port;
  }
  if (missing.length > 0) await writePrivate(fileOf(folder), JSON.stringify(book, undefined, 2));
  return book;
}

/** @throws Error where the book has no such name, which is a mistake of the caller */
export function portOf(book: PortBook, name: string): number {
  const port = book[name];
  if (port === undefined) throw new Error(`no port was set aside for ${name}`);
  return port;
}
