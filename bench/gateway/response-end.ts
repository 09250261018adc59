/**
 * The last chunk of an answer in chunks, after the line break of the chunk before it. Bytes of an answer itself could
 * read so as well; neither JSON nor events of a stream do.
 */
const lastChunk = "\r\n0\r\n\r\n";
const headEnd = "\r\n\r\n";

/**
 * Finds where an HTTP/1.1 answer ends, and nothing else: a client that understood answers would take more of its core than
 * what it measures. Knows answers with a length and answers in chunks, one at a time on a connection.
 */
export class ResponseEnd {
  #head = "";
  #tail = "";
  /** Bytes of the body that are still to come; undefined for an answer in chunks. */
  #left: number | undefined;
  #inBody = false;

  /** @returns whether the answer is complete with these bytes @throws Error for an answer other than 200 */
  isComplete(bytes: Buffer): boolean {
    if (!this.#inBody) {
      this.#head += bytes.toString("latin1");
      const end = this.#head.indexOf(headEnd);
      if (end < 0) return false;
      const body = this.#head.slice(end + headEnd.length);
      this.#begin(this.#head.slice(0, end), body);
      return this.#goOn(body.length, body);
    }
    return this.#goOn(bytes.length, bytes.toString("latin1", bytes.length - lastChunk.length));
  }

  #begin(head: string, body: string): void {
    if (!head.startsWith("HTTP/1.1 200 ")) {
      throw new Error(`answered ${head.split("\r\n")[0]}: ${body.slice(0, 300)}`);
    }
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    this.#left = length === undefined ? undefined : Number(length);
    this.#tail = "";
    this.#inBody = true;
  }

  #goOn(count: number, end: string): boolean {
    if (this.#left === undefined) {
      this.#tail = (this.#tail + end).slice(-lastChunk.length);
      if (this.#tail !== lastChunk) return false;
    } else {
      this.#left -= count;
      if (this.#left > 0) return false;
    }
    this.#head = "";
    this.#inBody = false;
    return true;
  }
}
