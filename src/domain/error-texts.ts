interface ErrorText {
  /** What is the case, lower case, no full stop: it follows the name of the thing concerned. */
  readonly sentence: string;
  /** What the owner can do now. */
  readonly nextStep: string;
  /** Trying again cannot help: the hub waits until someone has changed something. */
  readonly permanent?: true;
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
  HTTP_PORT_BUSY: {
    sentence: "another program already uses this port",
    nextStep: "Stop the other program, or choose another port: http.port in system.json or CARPORT_HTTP_PORT.",
  },
  HTTP_ADDRESS_REFUSED: {
    sentence: "the system does not let Carport listen on this address",
    nextStep: "Correct http.host and http.port in system.json, or CARPORT_HTTP_HOST and CARPORT_HTTP_PORT.",
  },
  API_NOT_FOUND: {
    sentence: "there is nothing under this name",
    nextStep: "Look at api/vehicles and api/devices for the names there are, and at api/openapi.json for the routes.",
  },
  API_METHOD_NOT_ALLOWED: {
    sentence: "this method is not possible here",
    nextStep: "Use one of the methods in the answer's Allow header.",
  },
  API_PARAMETER_INVALID: {
    sentence: "the parameter is not understood",
    nextStep: "Correct the parameter; api/openapi.json lists what each route takes.",
  },
  API_REQUEST_INVALID: {
    sentence: "it could not be read",
    nextStep: "Correct the request; api/openapi.json lists what each route takes.",
  },
  API_BODY_TOO_LARGE: {
    sentence: "its body is larger than any that Carport takes",
    nextStep: "Send at most 64 KiB.",
  },
  API_NOT_A_WEBSOCKET: {
    sentence: "this address is for WebSockets only",
    nextStep: "Connect with a WebSocket; a proxy in between must pass the Upgrade header on.",
  },
  API_ORIGIN_REFUSED: {
    sentence: "a page of another site asked for the live values",
    nextStep: "Open Carport's own page. A proxy in between must keep the Host header or set X-Forwarded-Host.",
  },
  API_LIVE_FULL: {
    sentence: "too many pages are open",
    nextStep: "Close some of them; the others are not affected.",
  },
  PAGE_NOT_BUILT: {
    sentence: "it has not been built, so only the API answers",
    nextStep: "Run npm start, which builds it, or node src/web/bundle.mjs.",
  },
  DBC_SYNTAX: {
    sentence: "the DBC file cannot be read, so nothing of it is used",
    nextStep: "Correct the file at the line and column shown, or export it again from the program it comes from.",
    permanent: true,
  },
  DBC_EMPTY: {
    sentence: "the DBC file describes no signal that can be decoded",
    nextStep: "Choose a file with BO_ and SG_ statements; carport decode --dbc shows what was skipped and why.",
    permanent: true,
  },
} as const satisfies Record<string, ErrorText>;

const texts: Readonly<Record<ErrorCode, ErrorText>> = errorTexts;

/** Whether trying again without a change is in vain. */
export const isPermanent = (code: ErrorCode): boolean => texts[code].permanent === true;

export type ErrorCode = keyof typeof errorTexts;
