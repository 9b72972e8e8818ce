import type { LineCursor } from "./line-cursor.ts";

/** Channel names as strings, made once per change and not once per frame. */
export class ChannelNames {
  #bytes = new Uint8Array(0);
  #name = "";

  /** The field under the cursor, up to a blank. */
  read(line: LineCursor): string {
    const from = line.at;
    line.skipWord();
    const { bytes, at } = line;
    const last = this.#bytes;
    if (at - from === last.length) {
      let i = 0;
      while (i < last.length && last[i] === bytes[from + i]) i++;
      if (i === last.length) return this.#name;
    }
    this.#bytes = bytes.slice(from, at);
    this.#name = line.text(from, at);
    return this.#name;
  }
}
