const WINDOW_MS = 60_000;
const MOST_PER_WINDOW = 10;
const MOST_ADDRESSES = 1_000;

/** Counts wrong tokens by the address they came from: ten a minute, then the address waits for the rest of it. */
export class AttemptLimit {
  readonly #windows = new Map<string, { readonly since: number; failures: number }>();

  /** ms until the address may try again; 0: it may now. `now` is monotonic. */
  wait(address: string, now: number): number {
    const window = this.#windows.get(block(address));
    if (!window || window.failures < MOST_PER_WINDOW) return 0;
    return Math.max(0, window.since + WINDOW_MS - now);
  }

  /** Returns the failures of the address in this window, this one included. */
  fail(address: string, now: number): number {
    const key = block(address);
    let window = this.#windows.get(key);
    if (!window || now - window.since >= WINDOW_MS) {
      window = { since: now, failures: 0 };
      // Back to the end: the first key is always the oldest.
      this.#windows.delete(key);
      this.#windows.set(key, window);
      const [oldest] = this.#windows.keys();
      if (this.#windows.size > MOST_ADDRESSES && oldest !== undefined) this.#windows.delete(oldest);
    }
    return ++window.failures;
  }
}

/** A machine has a whole /64 of IPv6 addresses to choose from (RFC 4291, 2.5.1). */
function block(address: string): string {
  if (!address.includes(":")) return address;
  const [head = "", tail = ""] = address.split("::");
  const start = head === "" ? [] : head.split(":");
  const end = tail === "" ? [] : tail.split(":");
  const groups = address.includes("::") ? [...start, ...Array(8 - start.length - end.length).fill("0"), ...end] : start;
  return groups.slice(0, 4).join(":");
}
