/** Plain words at info, one line per event, never a secret, a VIN or a place. Texts of expensive detail are functions. */
export interface Log {
  debug(text: string | (() => string), detail?: Readonly<Record<string, unknown>>): void;
  info(text: string, detail?: Readonly<Record<string, unknown>>): void;
  warn(text: string, detail?: Readonly<Record<string, unknown>>): void;
  error(text: string, detail?: Readonly<Record<string, unknown>>): void;
  /** A log whose lines name their origin: `leaf-can can0`. */
  child(name: string): Log;
}
