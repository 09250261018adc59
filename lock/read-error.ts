/** A name whose digest could not be read: why, and what to do about it. */
export class ReadError extends Error {
  override readonly name = "ReadError";
  readonly remedy: string;

  constructor(reason: string, remedy: string) {
    super(reason);
    this.remedy = remedy;
  }
}
