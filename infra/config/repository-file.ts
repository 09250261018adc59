import { readFileSync, realpathSync, statSync } from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";

/** Text of a file, or why it is not read. */
export type FileContent = { readonly text: string } | { readonly fault: string };

/** Reads a file that a stack file names, by its path relative to the repository's root. */
export type ReadFile = (file: string) => FileContent;

/** Configuration of a model is a few kilobytes; nothing larger is parsed. */
const maximumBytes = 256 * 1024;

/** Reads nothing, so that whoever parses a stack has to say where its files are. */
export const noFiles: ReadFile = () => ({ fault: "cannot be read here" });

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** Files of this repository. */
export const repositoryFiles: ReadFile = (file) => readInside(repository, file);

/**
 * A regular file inside a folder; neither `..` nor a symbolic link leads out.
 * @param root absolute path of the folder
 */
export function readInside(root: string, file: string): FileContent {
  if (path.isAbsolute(file) || file.includes("\0") || escapes(path.normalize(file))) {
    return { fault: "leads out of the repository; write its path from the repository's root" };
  }
  try {
    const real = realpathSync(path.join(root, file));
    if (escapes(path.relative(realpathSync(root), real))) {
      return {
        fault: "is a link that leads out of the repository; put the file into the repository",
      };
    }
    const { size, isFile } = facts(real);
    if (!isFile) return { fault: "is no file; name the config.json itself" };
    if (size > maximumBytes) {
      return {
        fault: `has ${size} bytes, more than the ${maximumBytes} that are read; name the model's config.json`,
      };
    }
    return { text: readFileSync(real, "utf8") };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    return { fault: `cannot be read (${code}); write its path from the repository's root` };
  }
}

function facts(file: string): { readonly size: number; readonly isFile: boolean } {
  const found = statSync(file);
  return { size: found.size, isFile: found.isFile() };
}

function escapes(relative: string): boolean {
  return relative === ".." || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative);
}
