/**
 * A liveness check that asks the engine of its own pod for one token. Lives here because the rules
 * have to know it word for word: no rule can tell what any other program in Python would do.
 */
export interface OneTokenProbe {
  /** Public model name: the `model` field of the request. */
  readonly servedName: string;
  /** Port of the engine inside the pod. */
  readonly port: number;
}

/** Seconds that the request may wait, longer than a full queue; the probe's own limit is above it. */
const requestSeconds = 110;

/**
 * Command of the check. The interpreter is the engine's own, so the image needs no shell and no
 * further tool; `-I` makes it ignore variables and folders that could change what it runs.
 * `http.client` with a fixed address heeds no proxy variable and follows no redirect, so this reaches
 * the pod itself and nothing else.
 */
export function oneTokenCommand(probe: OneTokenProbe): string[] {
  return ["python3", "-I", "-c", program(probe)];
}

function program({ servedName, port }: OneTokenProbe): string {
  return [
    "import http.client, json, os, sys",
    `body = json.dumps({"model": ${JSON.stringify(servedName)}, "prompt": "1", "max_tokens": 1})`,
    'headers = {"content-type": "application/json", "authorization": "Bearer " + os.environ["VLLM_API_KEY"]}',
    `engine = http.client.HTTPConnection("127.0.0.1", ${port}, timeout=${requestSeconds})`,
    'engine.request("POST", "/v1/completions", body, headers)',
    "answer = engine.getresponse()",
    "answer.read()",
    "sys.exit(answer.status != 200)",
  ].join("\n");
}

/** Whether a command is this check, for whatever model and port, and not a character more. */
export function isOneTokenCommand(command: readonly string[]): boolean {
  const text = command.at(-1) ?? "";
  const servedName = jsonText(/"model": ("[^\n]*"), "prompt"/.exec(text)?.[1]);
  const port = Number(/"127\.0\.0\.1", (\d{1,5}),/.exec(text)?.[1]);
  if (servedName === undefined || !Number.isInteger(port)) return false;
  const rebuilt = oneTokenCommand({ servedName, port });
  return (
    rebuilt.length === command.length && rebuilt.every((word, index) => word === command[index])
  );
}

/** The text that a JSON literal stands for; such a literal ends in Python where it ends in JSON. */
function jsonText(literal: string | undefined): string | undefined {
  try {
    const value: unknown = JSON.parse(literal ?? "");
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}
