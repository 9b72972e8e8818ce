import type { ErrorText } from "./error-text.ts";

/** Home Assistant. */
export const homeAssistantErrors = {
  SUPERVISOR_UNREACHABLE: {
    sentence: "Home Assistant's Supervisor did not give a usable answer",
    nextStep: "Carport asks again by itself. If it stays so, restart Home Assistant, or set the broker by hand.",
  },
  HOME_ASSISTANT_MQTT_MISSING: {
    sentence: "it has no MQTT, so Carport's entities cannot appear there",
    nextStep: "Add the integration MQTT in Home Assistant under Settings, Devices & services.",
  },
  HOME_ASSISTANT_LEFT: {
    sentence: "it has said at the broker that it goes, and has not come back",
    nextStep: "Wait until Home Assistant has started; if it runs, reload its integration MQTT.",
  },
  HOME_ASSISTANT_UNHEARD: {
    sentence: "it has said nothing at this broker since Carport is connected, which it does only when it starts",
    nextStep:
      "If the entities are missing there, add the integration MQTT in Home Assistant with the same broker and the same discovery prefix.",
  },
  HOME_ASSISTANT_AWAY: {
    sentence: "Home Assistant cannot be reached",
    nextStep: "Wait until it is up again; Carport tries again by itself.",
  },
  HOME_ASSISTANT_TOKEN_REFUSED: {
    sentence: "Home Assistant does not accept Carport's token",
    nextStep: "As an app: restart Carport. Elsewhere: make a long-lived token of an administrator and enter it.",
  },
  HOME_ASSISTANT_BLUETOOTH_MISSING: {
    sentence: "Home Assistant has no Bluetooth",
    nextStep:
      "Add the integration Bluetooth, or a Bluetooth proxy, in Home Assistant under Settings, Devices & services.",
  },
} as const satisfies Record<string, ErrorText>;
