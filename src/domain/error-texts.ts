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
} as const satisfies Record<string, ErrorText>;

export type ErrorCode = keyof typeof errorTexts;
