import type { ErrorText } from "./error-text.ts";

/** Settings files and variables. */
export const settingsErrors = {
  SETTINGS_SYNTAX: {
    sentence: "this is not JSON, so the file is not used and the last good one stays in force",
    nextStep: "Correct the file at the line and column shown; it is read again as soon as it is saved.",
    permanent: true,
  },
  SETTINGS_INVALID: {
    sentence: "so the file is not used and the last good one stays in force",
    nextStep: "Correct the value at the path shown; the file is read again as soon as it is saved.",
    permanent: true,
  },
  SETTINGS_TOO_NEW: {
    sentence: "the file was written by a newer Carport, so it is not used",
    nextStep: "Update Carport, or put the copy that was kept before the update back in place.",
    permanent: true,
  },
  SETTINGS_UNREADABLE: {
    sentence: "the file cannot be read, so the last good one stays in force",
    nextStep: "Check that the data folder belongs to the user Carport runs as and that the disk is in order.",
  },
  SETTINGS_MISSING: {
    sentence: "the file is gone, so the last good one stays in force and is put back",
    nextStep: "Nothing needs to be done. To start anew, stop Carport and delete the folder last-good as well.",
  },
  SETTINGS_REFUSED: {
    sentence: "so nothing was changed",
    nextStep: "Correct the value at the path shown and save again.",
    permanent: true,
  },
  SETTINGS_NOT_SAVED: {
    sentence: "the change could not be saved, so nothing was changed",
    nextStep: "Check that the disk is not full or read-only and that the data folder belongs to Carport's user.",
  },
  SETTINGS_CUT_OFF: {
    sentence: "this was left by a save that was cut off; it is kept and not used",
    nextStep: "Check that your last change is there; then the file can be deleted.",
  },
  SETTINGS_NOT_WATCHED: {
    sentence: "changes made by hand cannot be noticed",
    nextStep: "Restart Carport after editing a file, or raise the system's limit fs.inotify.max_user_watches.",
  },
  OVERRIDE_INVALID: {
    sentence: "so the variable is not used and the value of the file stays in force",
    nextStep: "Correct or remove the environment variable and restart Carport.",
    permanent: true,
  },
  OVERRIDE_UNKNOWN: {
    sentence: "no setting has this name, so the variable is not used",
    nextStep: "Correct or remove the environment variable and restart Carport.",
    permanent: true,
  },
} as const satisfies Record<string, ErrorText>;
