const HIDDEN = "(hidden)";

/** Shorter ones are part of ordinary words: hiding them would spoil every line and tell what they are. */
const SHORTEST = 4;

/** ISO 3779: 17 characters without I, O and Q, with letters and digits. */
const VIN = /\b(?=[A-Z]*\d)(?=\d*[A-Z])[A-HJ-NPR-Z0-9]{17}\b/g;

const PRIVATE_NAME =
  /passw|passphrase|secret|token|credential|authorization|^vin$|^lat(itude)?$|^lon(gitude)?$|position/i;

/** Takes out of texts what must not be shown: the settings' secrets, VINs, and what is private by its name. */
export class Redactor {
  readonly #secrets = new Set<string>();
  #pattern: RegExp | undefined;

  /** Adds to what is known: yesterday's password may still be in somebody's error message. */
  add(secrets: Iterable<string>): void {
    for (const secret of secrets) {
      if (secret.length < SHORTEST) continue;
      for (const form of [secret, encodeURIComponent(secret.toWellFormed()), JSON.stringify(secret).slice(1, -1)])
        this.#secrets.add(form);
    }
    const longestFirst = [...this.#secrets].sort((a, b) => b.length - a.length);
    this.#pattern = longestFirst.length > 0 ? new RegExp(longestFirst.map(escaped).join("|"), "g") : undefined;
  }

  text(text: string): string {
    const open = this.#pattern ? text.replace(this.#pattern, HIDDEN) : text;
    return open.replace(VIN, "(VIN)");
  }

  /** A detail as JSON. */
  json(detail: unknown): string {
    try {
      return this.text(JSON.stringify(detail, readable) ?? "");
    } catch {
      return "(a detail that goes round in circles)";
    }
  }
}

const readable = (key: string, value: unknown): unknown => {
  if (PRIVATE_NAME.test(key)) return HIDDEN;
  return typeof value === "bigint" ? String(value) : value;
};

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
