/** One setting of an INI file or a file of that manner. */
export interface Setting {
  /** In lower case; empty before the first section. */
  readonly section: string;
  /** In lower case. */
  readonly key: string;
  /** Without quotes around it. */
  readonly value: string;
}

/** Sections in order; of two settings of one name in one section, both are kept. */
export function readIni(text: string): readonly (readonly Setting[])[] {
  const sections: Setting[][] = [[]];
  let section = "";
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim();
    const head = /^\[+\s*"?([^\]"]+?)"?\s*\]+/.exec(line)?.[1];
    if (head !== undefined) {
      section = head.toLowerCase();
      sections.push([{ section, key: "", value: "" }]);
      continue;
    }
    // A comment begins with what no key does.
    const [, key, value] = /^"?([\w.@-]+)"?\s*(?:[=:]\s*|\s+)(.*)$/.exec(line) ?? [];
    if (key === undefined || value === undefined) continue;
    sections.at(-1)?.push({ section, key: key.toLowerCase(), value: unquoted(value) });
  }
  return sections.map((settings) =>
    settings.filter(({ key }) => key !== "" || settings.length === 1),
  );
}

/** The setting that counts: the last one of that name. */
export function settingOf(text: string, section: string, key: string): string | undefined {
  return readIni(text)
    .flat()
    .findLast((each) => each.section === section && each.key === key)?.value;
}

function unquoted(value: string): string {
  return value.trim().replace(/^(["'`]{1,3})(.*)\1$/, "$2");
}
