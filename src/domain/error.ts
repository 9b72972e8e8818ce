import type { ErrorText } from "./error-texts/error-text.ts";
import { type ErrorCode, errorTexts } from "./error-texts.ts";

export type { ErrorCode } from "./error-texts.ts";

/**
 * The one error of Carport. `message` names the setting, file or device concerned and ends with the code, so that it
 * survives a bad stack; what to do next comes from the code.
 */
export class CarportError extends Error {
  override readonly name = "CarportError";
  readonly code: ErrorCode;

  /** `subject`: what it is about, for a person: `can0`, `devices.json: devices[0].settings.interface`. */
  constructor(code: ErrorCode, subject: string, options?: ErrorOptions) {
    super(`${subject}: ${errorTexts[code].sentence} [${code}]`, options);
    this.code = code;
  }

  get nextStep(): string {
    return errorTexts[this.code].nextStep;
  }

  /** Whether trying again is in vain until someone has changed something. */
  get permanent(): boolean {
    return texts[this.code].permanent === true;
  }
}

const texts: Readonly<Record<ErrorCode, ErrorText>> = errorTexts;

export const isCarportError = (error: unknown): error is CarportError => error instanceof CarportError;

/** Anything thrown, as one of ours; the unexpected keeps its cause. */
export function toCarportError(error: unknown, subject: string): CarportError {
  return isCarportError(error) ? error : new CarportError("INTERNAL", subject, { cause: error });
}
