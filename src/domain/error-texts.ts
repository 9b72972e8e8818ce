interface ErrorText {
  /** What is the case, lower case, no full stop: it follows the name of the thing concerned. */
  readonly sentence: string;
  /** What the owner can do now. */
  readonly nextStep: string;
}

/** Every error Carport can show. Codes are stable: owners search for them, automations compare them. */
export const errorTexts = {
  INTERNAL: {
    sentence: "something went wrong that Carport did not expect",
    nextStep: "Report it with the log around this time; Carport goes on with everything else.",
  },
  SUPERVISOR_UNREACHABLE: {
    sentence: "Home Assistant's Supervisor did not give a usable answer",
    nextStep: "Carport asks again by itself. If it stays so, restart Home Assistant, or set the broker by hand.",
  },
} as const satisfies Record<string, ErrorText>;

export type ErrorCode = keyof typeof errorTexts;
