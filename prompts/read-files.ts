import { lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import * as path from "node:path";
import type { SourceFile } from "./check.ts";
import type { Unread } from "./report.ts";

/** Longer files are data, and no source that somebody wrote prompts into. */
const maximumBytes = 2 * 1024 * 1024;
const skippedFolders = new Set([".git", "node_modules", "__pycache__", ".venv"]);
/** Where markers belong: the files of a model. */
const modelFile =
  /(?:\.jinja2?|^(?:tokenizer|tokenizer_config|special_tokens_map|added_tokens|chat_template)\.json|^vocab\.json)$/;

export interface ReadFiles {
  readonly files: readonly SourceFile[];
  readonly unread: readonly Unread[];
}

/**
 * Text files of a file or folder, in order. Links inside a folder are not followed.
 * @param given the path as the user wrote it, under which files are named
 * @throws an error of the file system where the path itself cannot be read
 */
export function readFiles(root: string, given: string): ReadFiles {
  const files: SourceFile[] = [];
  const unread: Unread[] = [];
  const visit = (full: string, name: string) => {
    const facts = full === root ? statSync(full) : lstatSync(full);
    if (facts.isDirectory()) {
      for (const entry of readdirSync(full).toSorted()) {
        if (!skippedFolders.has(entry)) visit(path.join(full, entry), path.join(name, entry));
      }
      return;
    }
    if (!facts.isFile()) unread.push({ name, reason: "it is no plain file" });
    else if (facts.size > maximumBytes) {
      unread.push({ name, reason: `it has ${facts.size} bytes, more than ${maximumBytes}` });
    } else if (full === root || !modelFile.test(path.basename(full))) {
      const bytes = readFileSync(full);
      if (!bytes.includes(0)) files.push({ name, text: bytes.toString("utf8") });
      else if (full === root) unread.push({ name, reason: "it is no text" });
    }
  };
  visit(root, given);
  return { files, unread };
}
