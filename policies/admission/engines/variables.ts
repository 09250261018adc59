import type { NamedExpression } from "../../../components/lib/admission-objects.ts";
import { profiles, signs } from "../../engines/profiles.ts";
import { vllm } from "../../engines/vllm.ts";
import { startsEngine } from "../../kubernetes/command-line.ts";
import { gpuResource } from "../../kubernetes/devices.ts";
import { engineFlags, noDevices, otherEngines, visibleDevices } from "../../kubernetes/engine.ts";
import { allOf, anyOf, expression, items, part, pattern, string, text } from "../cel.ts";

/**
 * Containers that are, or may be, inference engines, as `variables.engines`: each with its name, its `kind`
 * ("vllm", "known" or "unknown" by its settings), env and envFrom, its words, and `line`: its words one below
 * the other, with `--a_b=c` written as `--a-b` and `c`, so that every spelling of a flag looks the same.
 */
export function engineVariables(): readonly NamedExpression[] {
  return [
    { name: "running", expression: running() },
    { name: "engines", expression: engines() },
  ];
}

/** Without init containers that say nothing of an engine and end before it starts. */
function running(): string {
  const helper = allOf([
    "!has(c.restartPolicy)",
    `!${words("c")}.exists(w, ${matches("w", startsEngine)})`,
  ]);
  return `${items("variables.spec", "initContainers")}.filter(c, !${helper}) + ${items("variables.spec", "containers")} + ${items("variables.spec", "ephemeralContainers")}`;
}

function words(container: string): string {
  return `(${items(container, "command")} + ${items(container, "args")})`;
}

function engines(): string {
  const known = signs
    .filter(([profile]) => profiles.includes(profile))
    .map(([, sign]) => matches(lowerText, sign));
  const kind = `${isVllm()} ? ${text("vllm")} : ${anyOf(known)} ? ${text("known")} : ${text("unknown")}`;
  const fields: Readonly<Record<string, string>> = {
    name: "c.name",
    kind,
    env: items("c", "env"),
    envFrom: items("c", "envFrom"),
    command: items("c", "command"),
    words: words("c"),
    line: `"\\n" + ${words("c")}.map(w, ${canonical}).join("\\n") + "\\n"`,
  };
  const map = Object.entries(fields).map(([name, value]) => `${text(name)}: dyn(${value})`);
  return `variables.running.filter(c, ${isEngine()}).map(c, {${map.join(", ")}})`;
}

/** Keys behind a dot lose their underscores as well; so do those of the tables that they are compared with. */
const canonical = [
  'w.startsWith("--") && w.contains("=")',
  '? w.split("=", 2)[0].replace("_", "-") + "\\n" + w.split("=", 2)[1]',
  ': w.startsWith("--") ? w.replace("_", "-") : w',
].join(" ");

/** Path of the image without its host, which may carry an engine's name without the image being one. */
const imagePath = `${string("c", "image")}.substring(${string("c", "image")}.indexOf("/") + 1).lowerAscii()`;

const lowerText = `(${imagePath} + "\\n" + ${words("c")}.join("\\n").lowerAscii())`;

function isEngine(): string {
  return anyOf([
    isVllm(),
    matches(lowerText, otherEngines),
    `${words("c")}.exists(w, ${matches("w", engineFlags)})`,
    usesGpu(),
  ]);
}

/** As rules tell the engine from its clients: by the image's own name, or by a word that starts it. */
function isVllm(): string {
  const list = words("c");
  const joined = `${list}.join("\\n").lowerAscii()`;
  return anyOf([
    `${imagePath}.matches(${pattern(`(?:^|/)${vllm.id}(?:/|[:@]|$)|${vllm.id}[^/]*$`)})`,
    `${list}.exists(w, w.matches(r'(?i)^[^/\\s]*vllm[^/\\s]*$') && !w.matches(r':[0-9]+$'))`,
    `${list}.exists(w, w.matches(r'(?is)\\s.*vllm|vllm.*\\s'))`,
    `${joined}.matches(r'\\A\\S*/[^/\\s]*vllm[^/\\s]*(?:\\n|\\z)|(?m:^\\S*/[^/\\s]*vllm[^/\\s]*\\nserve$)')`,
  ]);
}

// The API server's own types know nothing of quantities.
const asked = (side: string) => part("dyn(c)", "resources", side);

/** CEL: whether container `c` asks for a GPU, of any maker. */
export const requestsGpu = anyOf(
  ["limits", "requests"].map(
    (side) =>
      `${asked(side)}.exists(k, ${matches("k", gpuResource)} && string(${asked(side)}[k]) != "0")`,
  ),
);

function usesGpu(): string {
  return anyOf([
    requestsGpu,
    `size(${items("c", "resources", "claims")}) > 0`,
    `${items("c", "env")}.exists(v, ${matches("v.name", visibleDevices)} && (has(v.valueFrom) || !${matches('v.?value.orValue("")', noDevices)}))`,
  ]);
}

/** CEL that a text matches a pattern of the rules. */
export function matches(value: string, regex: RegExp): string {
  return `${value}.matches(${pattern(expression(regex))})`;
}
