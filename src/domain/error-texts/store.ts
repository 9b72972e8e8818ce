import type { ErrorText } from "./error-text.ts";

/** The history. */
export const storeErrors = {
  STORE_DISK_FULL: {
    sentence: "the disk is full, so readings wait in memory and the oldest are dropped when it is full as well",
    nextStep: "Make room on the disk, or move the data folder to a larger one. Carport goes on by itself.",
  },
  STORE_READ_ONLY: {
    sentence: "the disk is read-only, so readings wait in memory and the oldest are dropped when it is full",
    nextStep: "Check who may write to the data folder. A worn-out SD card turns read-only: then replace it.",
  },
  STORE_BUSY: {
    sentence: "another program keeps the history locked, so readings wait in memory",
    nextStep: "End the other program, or its transaction. Carport goes on by itself.",
  },
  STORE_UNAVAILABLE: {
    sentence: "the history cannot be opened or written, so readings wait in memory",
    nextStep: "Check the disk and the rights to the data folder. Carport tries again by itself.",
  },
  STORE_DAMAGED: {
    sentence: "the history is damaged, so it was set aside and a new one begun",
    nextStep: "Nothing was deleted: docs/store.md tells how to save what is readable. Check the disk or SD card.",
  },
  STORE_TOO_NEW: {
    sentence: "the history was written by a newer Carport, so it was set aside and a new one begun",
    nextStep: "Update Carport, stop it, and rename the file back to series.db.",
  },
  STORE_READ_FAILED: {
    sentence: "part of the history cannot be read and is left out",
    nextStep: "Check the disk or SD card. docs/store.md tells how to save what is readable.",
  },
  STORE_RANGE_TOO_LARGE: {
    sentence: "there are more samples in this range than can be given at once",
    nextStep: "Ask for a shorter range, or for fewer points.",
  },
} as const satisfies Record<string, ErrorText>;
