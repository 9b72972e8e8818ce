import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { CarportError } from "#domain/error.ts";
import { type Disk, writeAtomically } from "./disk.ts";
import { checkDocument, checkText, type Document, type DocumentKind, type Refusal, refusalText } from "./document.ts";
import type { Environment } from "./overrides.ts";

/** Holds copies of the last files that were in force, for when one is damaged or mistyped and Carport restarts. */
export const LAST_GOOD = "last-good";

export interface SettingsFileOptions {
  readonly folder: string;
  readonly env: Environment;
  readonly disk: Disk;
  /** For the names of files that are kept aside: `20261121T101500Z`. */
  readonly stamp: () => string;
}

/** One settings file: what is in force, what is on the disk, and the copies that keep owners safe. */
export class SettingsFile<Raw, Value> {
  readonly #kind: DocumentKind<Raw, Value>;
  readonly #options: SettingsFileOptions;
  #inForce: Document<Raw, Value> | undefined;
  #problems: readonly CarportError[] = [];
  /** Text of the file that is in force, and of its copy, as far as they are on the disk. */
  #text: string | undefined;
  #copy: string | undefined;

  constructor(kind: DocumentKind<Raw, Value>, options: SettingsFileOptions) {
    this.#kind = kind;
    this.#options = options;
  }

  get name(): string {
    return this.#kind.file;
  }

  get inForce(): Document<Raw, Value> {
    if (!this.#inForce) throw new TypeError(`${this.name} is used before it was loaded`);
    return this.#inForce;
  }

  /** Why the file on the disk is not in force, and which variables are not. */
  get problems(): readonly CarportError[] {
    return [...this.#problems, ...(this.#inForce?.problems ?? [])];
  }

  /** Puts the last good copy in force, or the defaults. To be called once, before anything else. Reads only. */
  async start(): Promise<void> {
    const { disk, env } = this.#options;
    const copy = await disk.read(this.#copyPath).catch(() => undefined);
    const fromCopy = copy === undefined ? undefined : checkText(this.#kind, copy, env).document;
    if (fromCopy) this.#copy = copy;
    this.#inForce = fromCopy ?? this.#checkOwn(this.#kind.empty);
  }

  /** What the disk has now, if it can be used; otherwise undefined and `problems` says why. Reads only. */
  async candidate(): Promise<
    { readonly document: Document<Raw, Value>; readonly text: string | undefined } | undefined
  > {
    let text: string | undefined;
    try {
      text = await this.#options.disk.read(this.#path);
    } catch (error) {
      this.#problems = [new CarportError("SETTINGS_UNREADABLE", this.name, { cause: error })];
      return undefined;
    }
    if (text === undefined) {
      this.#problems = this.#copy === undefined ? [] : [new CarportError("SETTINGS_MISSING", this.name)];
      return { document: this.inForce, text };
    }
    const { document, refusals } = checkText(this.#kind, text, this.#options.env);
    if (refusals) this.refuse(refusals);
    else this.#problems = [];
    return document && { document, text };
  }

  refuse(refusals: readonly Refusal[]): void {
    this.#problems = refusals.map((refusal) => new CarportError(refusal.code, refusalText(this.name, refusal)));
  }

  /**
   * Puts a candidate in force. `raw` is what the file would be if Carport had written it, with what only Carport knows.
   * True when something has changed.
   */
  async accept(
    { document, text }: { readonly document: Document<Raw, Value>; readonly text: string | undefined },
    raw: Raw = document.raw,
  ): Promise<boolean> {
    const changed = !isDeepStrictEqual(document.value, this.inForce.value);
    this.#inForce = { ...document, raw };
    this.#text = text;
    if (text !== undefined && document.migratedFrom !== undefined) {
      await this.#save(`${this.#path}.version-${document.migratedFrom}`, text);
      await this.#saveOwn();
    } else if (text === undefined && this.#copy !== undefined) {
      await this.#saveOwn();
    }
    if (text !== undefined) await this.#keepCopy();
    return changed;
  }

  /** Checks what an edit would make of the file. */
  check(raw: Raw) {
    return checkDocument(this.#kind, raw, this.#options.env);
  }

  /** Saves an edit that was checked and puts it in force. Throws SETTINGS_NOT_SAVED; then nothing has changed. */
  async write(document: Document<Raw, Value>): Promise<void> {
    const { disk, stamp } = this.#options;
    try {
      const onDisk = await disk.read(this.#path);
      // Somebody's unfinished work, which was refused: it is theirs, so it is not lost.
      if (onDisk !== undefined && onDisk !== this.#text) {
        await writeAtomically(disk, `${this.#path}.refused-${stamp()}`, onDisk);
      }
      const text = textOf(document.raw);
      await writeAtomically(disk, this.#path, text);
      this.#text = text;
    } catch (error) {
      throw new CarportError("SETTINGS_NOT_SAVED", this.name, { cause: error });
    }
    this.#inForce = document;
    this.#problems = [];
    await this.#keepCopy();
  }

  async #saveOwn(): Promise<void> {
    const text = textOf(this.inForce.raw);
    if (await this.#save(this.#path, text)) this.#text = text;
  }

  async #keepCopy(): Promise<void> {
    const text = textOf(this.inForce.raw);
    if (text === this.#copy) return;
    if (await this.#save(this.#copyPath, text)) this.#copy = text;
  }

  /** A copy that cannot be made is a problem to show, not a reason to stop. */
  async #save(path: string, text: string): Promise<boolean> {
    try {
      await writeAtomically(this.#options.disk, path, text);
      return true;
    } catch (error) {
      this.#problems = [...this.#problems, new CarportError("SETTINGS_NOT_SAVED", path, { cause: error })];
      return false;
    }
  }

  #checkOwn(raw: Raw): Document<Raw, Value> {
    const { document } = this.check(raw);
    if (!document) throw new TypeError(`the defaults of ${this.name} are refused`);
    return document;
  }

  get #path(): string {
    return join(this.#options.folder, this.name);
  }

  get #copyPath(): string {
    return join(this.#options.folder, LAST_GOOD, this.name);
  }
}

const textOf = (raw: unknown): string => `${JSON.stringify(raw, undefined, 2)}\n`;
