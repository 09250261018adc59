import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { repository } from "../../support/repository-copy.ts";

/** A page of the documentation. */
export interface Page {
  /** Path relative to the repository. */
  readonly file: string;
  readonly text: string;
}

/** Markdown at the root and below docs/. */
export function pages(): Page[] {
  const files = ["", "docs"].flatMap((folder) =>
    readdirSync(path.join(repository, folder))
      .filter((name) => name.endsWith(".md"))
      .map((name) => path.posix.join(folder, name)),
  );
  return files.toSorted().map((file) => ({ file, text: read(file) }));
}

export function read(file: string): string {
  return readFileSync(path.join(repository, file), "utf8");
}

/** Everything that is set as code: fenced blocks and spans, in the order of the page. */
export function code(text: string): string[] {
  const fenced = [...text.matchAll(/^```[^\n]*\n([\s\S]*?)^```$/gm)].map(([, block = ""]) => block);
  const prose = text.replace(/^```[^\n]*\n[\s\S]*?^```$/gm, "");
  return [...fenced, ...[...prose.matchAll(/`([^`\n]+)`/g)].map(([, span = ""]) => span)];
}

/** Targets of links that are not addresses, as `file` and `anchor`. */
export function relativeLinks(text: string): { readonly file: string; readonly anchor: string }[] {
  const prose = text.replace(/^```[^\n]*\n[\s\S]*?^```$/gm, "");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [file = "", anchor = ""] = target.split("#");
      return { file, anchor };
    });
}

/** Anchors of a page's headings, as the hosts of repositories make them. */
export function anchors(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}
