/** One plugin of a CoreDNS configuration, with its arguments and those of its block. */
export interface CorefilePlugin {
  readonly zones: readonly string[];
  readonly name: string;
  readonly args: readonly string[];
  /** 1-based line of the configuration. */
  readonly line: number;
}

interface Line {
  readonly words: readonly string[];
  readonly number: number;
}

/**
 * The plugins of a Corefile (https://coredns.io/manual/configuration/).
 * @returns `undefined` where braces do not match, or a line stands outside every server block
 */
export function readCorefile(text: string): readonly CorefilePlugin[] | undefined {
  const plugins: CorefilePlugin[] = [];
  let zones: readonly string[] | undefined;
  let depth = 0;
  for (const { words, number } of linesOf(text)) {
    const opens = words.at(-1) === "{";
    const [first = ""] = words;
    if (first === "}") {
      depth -= 1;
      if (depth < 0 || words.length > 1) return undefined;
      if (depth === 0) zones = undefined;
      continue;
    }
    const args = opens ? words.slice(0, -1) : words;
    if (depth === 0) {
      // A line at the top that opens nothing is an import or a snippet, which brings plugins unseen.
      if (!opens || first.startsWith("(")) return undefined;
      zones = args;
    } else if (depth === 1) {
      plugins.push({ zones: zones ?? [], name: first, args: args.slice(1), line: number });
    }
    if (opens) depth += 1;
  }
  return depth === 0 ? plugins : undefined;
}

function linesOf(text: string): readonly Line[] {
  return text.split("\n").flatMap((line, index) => {
    const words = line
      .replace(/#.*$/, "")
      .trim()
      .split(/\s+/)
      .filter((word) => word !== "");
    return words.length === 0 ? [] : [{ words, number: index + 1 }];
  });
}

/** Plugins that ask nobody outside the cluster for an answer (CoreDNS 1.13, plugin list read 2026-11). */
export const localPlugins: ReadonlySet<string> = new Set([
  "acl",
  "any",
  "autopath",
  "bind",
  "bufsize",
  "cache",
  "cancel",
  "chaos",
  "debug",
  "errors",
  "header",
  "health",
  "hosts",
  "kubernetes",
  "lameduck",
  "loadbalance",
  "local",
  "log",
  "loop",
  "metadata",
  "minimal",
  "multisocket",
  "nsid",
  "pprof",
  "prometheus",
  "ready",
  "reload",
  "rewrite",
  "root",
  "template",
  "timeouts",
  "tls",
  "view",
  "whoami",
]);
