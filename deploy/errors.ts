/** Something that a user can set right; the message ends with how. */
export class DeployError extends Error {
  override readonly name: string = "DeployError";
  readonly exitCode: number;

  /** @param exitCode 1 where the cluster did not do what was asked, 2 where nothing was tried */
  constructor(message: string, exitCode: 1 | 2 = 2) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Ended by the user; whatever was applied stays, and the next run goes on from there. */
export class InterruptedError extends Error {
  override readonly name = "InterruptedError";
  readonly exitCode = 130;
}

export function throwIfInterrupted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) {
    throw new InterruptedError("interrupted; the same command completes the work");
  }
}
