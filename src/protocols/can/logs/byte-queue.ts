/** Bytes that came in any pieces, seen as one, until they are dropped from the front. The owner keeps it short. */
export class ByteQueue {
  #buffer = Buffer.alloc(0);
  #from = 0;
  #to = 0;
  /** Position in the stream of the first byte held. */
  offset = 0;

  get length(): number {
    return this.#to - this.#from;
  }

  /** What is held. Valid until the next `append` or `drop`. */
  get bytes(): Buffer {
    return this.#buffer.subarray(this.#from, this.#to);
  }

  append(chunk: Uint8Array): void {
    if (this.#to + chunk.length > this.#buffer.length) {
      const held = this.bytes;
      const size = held.length + chunk.length;
      if (size > this.#buffer.length) this.#buffer = Buffer.alloc(2 * size);
      held.copy(this.#buffer);
      this.#from = 0;
      this.#to = held.length;
    }
    this.#buffer.set(chunk, this.#to);
    this.#to += chunk.length;
  }

  drop(count: number): void {
    const dropped = Math.min(count, this.length);
    this.#from += dropped;
    this.offset += dropped;
  }
}
