import type { ErrorText } from "./error-text.ts";

/** Devices and vehicles, and what nobody expected. */
export const hubErrors = {
  INTERNAL: {
    sentence: "something went wrong that Carport did not expect",
    nextStep: "Report it with the log around this time; Carport goes on with everything else.",
  },
  STOP_OVERDUE: {
    sentence: "it did not stop in order within 5 seconds and was ended",
    nextStep: "Nothing needs to be done: what was measured until then is kept. Report it if it happens again.",
  },
  DEVICE_NO_ANSWER: {
    sentence: "nothing was heard within a minute of opening it",
    nextStep:
      "Check that it has power, is in reach and is not in use by another program; Carport tries again by itself.",
  },
  DEVICE_ENDED: {
    sentence: "its source has ended",
    nextStep: "Nothing needs to be done: Carport opens it again by itself; a recording then plays from its beginning.",
  },
  DEVICE_HUNG: {
    sentence: "it did not let go when it was closed and was left behind",
    nextStep: "Carport goes on without it. Restart Carport if it does not come back by itself.",
  },
  DEVICE_SWITCHED_OFF: {
    sentence: "it is switched off in Carport",
    nextStep: "Switch it on, on its page.",
  },
  SOURCE_NOT_RECOGNISED: {
    sentence: "it is heard, but nothing in what it says was recognised",
    nextStep: "Check that the right kind of device is chosen, and the right model or DBC file in its settings.",
  },
  DEVICE_UNKNOWN: {
    sentence: "there is no such device",
    nextStep: "Check its id on the devices page.",
    permanent: true,
  },
  VEHICLE_UNKNOWN: {
    sentence: "there is no such vehicle",
    nextStep: "Check its id on the garage page.",
    permanent: true,
  },
  VEHICLE_IN_USE: {
    sentence: "a device is still in it",
    nextStep: "Move its devices to another vehicle or remove them first.",
    permanent: true,
  },
  VEHICLE_MERGED_WITH_ITSELF: {
    sentence: "a vehicle cannot be merged with itself",
    nextStep: "Choose another vehicle to merge it with.",
    permanent: true,
  },
  DISCOVERY_UNKNOWN: {
    sentence: "no such device was found, or it has been taken in already",
    nextStep: "Search again, or look among the devices.",
    permanent: true,
  },
  DISCOVERY_FAILED: {
    sentence: "it could not look for devices",
    nextStep: "Check that its adapter is plugged in and not in use by another program, and search again.",
  },
} as const satisfies Record<string, ErrorText>;
