import type { ErrorText } from "./error-text.ts";

/** The broker. */
export const mqttErrors = {
  BROKER_NOT_OFFERED: {
    sentence: "no broker is set and Home Assistant offers none",
    nextStep: 'Install the app "Mosquitto broker" in Home Assistant, or set a broker in Carport\'s settings.',
  },
  MQTT_UNREACHABLE: {
    sentence: "the MQTT broker does not answer",
    nextStep: "Check that it runs and that host and port are right; Carport tries again by itself.",
  },
  MQTT_UNKNOWN_HOST: {
    sentence: "no machine of this name is known",
    nextStep: "Correct the broker's host in the MQTT settings, or give its IP address.",
  },
  MQTT_TLS_FAILED: {
    sentence: "no encrypted connection to the MQTT broker could be made",
    nextStep:
      "Check that the port is the broker's TLS port and that its certificate is valid for this host. For an authority of your own, name its certificate in NODE_EXTRA_CA_CERTS.",
  },
  MQTT_NO_GREETING: {
    sentence: "the MQTT broker closed the connection or stayed silent instead of accepting it",
    nextStep: "Check that the port is right and whether the broker wants TLS there; its own log says more.",
  },
  MQTT_PROTOCOL_ERROR: {
    sentence: "what answers there does not speak MQTT",
    nextStep: "Check the broker's host and port; a web page or MQTT over WebSocket may listen on this one.",
  },
  MQTT_VERSION_REFUSED: {
    sentence: "the MQTT broker accepts neither MQTT 5 nor MQTT 3.1.1",
    nextStep: "Update the broker, or allow one of the two in its settings.",
  },
  MQTT_AUTH_REFUSED: {
    sentence: "the MQTT broker refuses this user and password",
    nextStep: "Correct user and password in the MQTT settings. Until then Carport tries only every five minutes.",
    permanent: true,
  },
  MQTT_REFUSED: {
    sentence: "the MQTT broker refused the connection",
    nextStep: "Its own log says why; Carport tries again by itself.",
  },
  MQTT_CONNECTION_LOST: {
    sentence: "the connection to the MQTT broker was lost",
    nextStep: "Nothing needs to be done: Carport connects again by itself and sends the latest values.",
  },
  MQTT_NOT_ALLOWED: {
    sentence: "the MQTT broker does not let Carport use this topic",
    nextStep: "Allow Carport's user to read and write below its own prefix and below the discovery prefix.",
  },
  MQTT_PACKET_TOO_LARGE: {
    sentence: "the MQTT broker does not take a message of this size",
    nextStep: "Raise the broker's limit (max_packet_size in Mosquitto) to 1 MB or more.",
  },
  MQTT_PREFIX_IN_USE: {
    sentence: "another running Carport uses the same topic prefix at this MQTT broker",
    nextStep: "Give one of the two another prefix in the MQTT settings, or stop it.",
    permanent: true,
  },
  MQTT_PORT_TAKEN: {
    sentence: "the built-in MQTT broker cannot listen on this port",
    nextStep: "Stop what listens there, or choose another port.",
  },
  COMMAND_UNKNOWN: {
    sentence: "there is no such command",
    nextStep: "Send one of those that docs/mqtt.md names.",
  },
} as const satisfies Record<string, ErrorText>;
