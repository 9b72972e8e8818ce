import { apiErrors } from "./error-texts/api.ts";
import { bluetoothErrors } from "./error-texts/bluetooth.ts";
import { canErrors } from "./error-texts/can.ts";
import type { ErrorText } from "./error-texts/error-text.ts";
import { homeAssistantErrors } from "./error-texts/home-assistant.ts";
import { hubErrors } from "./error-texts/hub.ts";
import { mqttErrors } from "./error-texts/mqtt.ts";
import { settingsErrors } from "./error-texts/settings.ts";
import { storeErrors } from "./error-texts/store.ts";

/** Every error Carport can show. Codes are stable: owners search for them, automations compare them. */
export const errorTexts = {
  ...hubErrors,
  ...homeAssistantErrors,
  ...settingsErrors,
  ...apiErrors,
  ...mqttErrors,
  ...canErrors,
  ...storeErrors,
  ...bluetoothErrors,
} as const satisfies Record<string, ErrorText>;

export type ErrorCode = keyof typeof errorTexts;
