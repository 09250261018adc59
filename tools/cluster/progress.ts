/** Where long work reports to. Implementations decide how often a person sees it. */
export interface Progress {
  /** A fact worth keeping: one line. */
  step(text: string): void;
  /** What is happening right now; replaced by the next tick or step. */
  tick(text: string): void;
}

export const silentProgress: Progress = { step: () => {}, tick: () => {} };

/** A pipe or a CI log has no line to rewrite, so ticks are thinned out to one in this many ms. */
const plainTickInterval = 30_000;

interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Lines for a person. On a terminal the current tick is rewritten in place. */
export function consoleProgress(out: Output = process.stderr): Progress {
  return out.isTTY === true ? terminalProgress(out) : plainProgress(out);
}

function terminalProgress(out: Output): Progress {
  const clearLine = "\r\u001b[2K";
  return {
    step: (text) => out.write(`${clearLine}${text}\n`),
    // A wrapped line could not be rewritten.
    tick: (text) => out.write(`${clearLine}${text.slice(0, (out.columns ?? 80) - 1)}`),
  };
}

function plainProgress(out: Output): Progress {
  let last = Date.now();
  const line = (text: string) => {
    last = Date.now();
    out.write(`${text}\n`);
  };
  return {
    step: line,
    tick: (text) => {
      if (Date.now() - last >= plainTickInterval) line(text);
    },
  };
}

/** Runs `work`, ticking every second with the seconds it has taken so far. */
export async function withTicks<T>(
  progress: Progress,
  text: (seconds: number) => string,
  work: Promise<T>,
): Promise<T> {
  const start = Date.now();
  const timer = setInterval(() => {
    progress.tick(text(Math.round((Date.now() - start) / 1000)));
  }, 1000);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
