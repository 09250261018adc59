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

/** How long the check waits, seconds. */
export interface ProbeLimits {
  /** For the token, and so the time in which the engine has to generate anything for anybody. */
  readonly token: number;
  /** For the page of metrics, before and after. */
  readonly metrics: number;
}

export const probeLimits: ProbeLimits = { token: 100, metrics: 5 };

/** The longest that the check may take, seconds; the kubelet has to wait longer. */
export function probeSeconds({ token, metrics }: ProbeLimits = probeLimits): number {
  return token + 2 * metrics;
}

/** How the kubelet runs a check, as in a pod's `livenessProbe`. */
export interface ProbeSchedule {
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly failureThreshold: number;
}

/**
 * Seconds within which the kubelet restarts an engine that has died: the longest wait for the next check, and as
 * many failed ones as it takes, of which each may last its timeout.
 */
export function restartSeconds(schedule: ProbeSchedule): number {
  const { periodSeconds, timeoutSeconds, failureThreshold } = schedule;
  return periodSeconds + failureThreshold * Math.max(periodSeconds, timeoutSeconds);
}

/**
 * Command of the check. Dead is an engine that gives no token in time **and** generated none for anybody else
 * meanwhile; one that answers 429 or 503 is full, not dead. The interpreter is the engine's own, so the image
 * needs no shell and no further tool; `-I` makes it ignore variables and folders that could change what it runs.
 * `http.client` with a fixed address heeds no proxy variable and follows no redirect, so this reaches
 * the pod itself and nothing else. The key stays in the environment: others may read a command line.
 */
export function oneTokenCommand(probe: OneTokenProbe, limits = probeLimits): string[] {
  return ["python3", "-I", "-c", program(probe, limits)];
}

function program({ servedName, port }: OneTokenProbe, limits: ProbeLimits): string {
  return `import http.client, json, os, sys
def ask(seconds, *request):
    engine = http.client.HTTPConnection("127.0.0.1", ${port}, timeout=seconds)
    engine.request(*request)
    answer = engine.getresponse()
    return answer.status, answer.read().decode()
def generated():
    try:
        lines = ask(${limits.metrics}, "GET", "/metrics")[1].splitlines()
        return sum(float(line.split(" ")[-1]) for line in lines if line.startswith("vllm:generation_tokens_total{"))
    except Exception:
        return None
body = json.dumps({"model": ${JSON.stringify(servedName)}, "prompt": "1", "max_tokens": 1})
headers = {"content-type": "application/json", "authorization": "Bearer " + os.environ["VLLM_API_KEY"]}
before = generated()
try:
    sys.exit(ask(${limits.token}, "POST", "/v1/completions", body, headers)[0] not in (200, 429, 503))
except TimeoutError:
    sys.exit(before is None or generated() in (None, before))`;
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
