import type { ErrorText } from "./error-text.ts";

/** Bluetooth and what is reached by it. */
export const bluetoothErrors = {
  BLE_NOT_FOUND: {
    sentence: "no adapter has heard this device lately",
    nextStep: "Bring it nearer to the adapter or to a Bluetooth proxy, and check that it has power.",
  },
  BLE_SLOT_TAKEN: {
    sentence: "something else is connected to it, and it takes one connection at a time",
    nextStep: "Close the phone app of the device; Carport tries again by itself.",
  },
  BLE_LOST: {
    sentence: "the Bluetooth connection was lost in the middle",
    nextStep: "Carport tries again by itself. If it happens often, bring the device nearer to the adapter or a proxy.",
  },
  BLE_CONNECT_FAILED: {
    sentence: "the device is near but does not take a connection",
    nextStep:
      "Close the phone app of the device; Carport tries again by itself. If it stays so, bring adapter and device nearer.",
  },
  BLE_TIMEOUT: {
    sentence: "the device did not answer in time",
    nextStep: "Carport tries again by itself. If it happens often, bring the device nearer to the adapter or a proxy.",
  },
  BLE_REFUSED: {
    sentence: "the device refused what was asked of it",
    nextStep: "Carport tries again by itself. If it stays so, check that the right device is chosen.",
  },
  BLE_ADAPTER_UNKNOWN: {
    sentence: "this is no way to Bluetooth that Carport knows",
    nextStep: "Choose `home-assistant`, `bluez`, `bluez:hci0` or, for an adapter of its own, `hci:0`.",
    permanent: true,
  },
  BLE_ADAPTER_MISSING: {
    sentence: "there is no such Bluetooth adapter",
    nextStep: "Plug it in, or choose another one; `bluetoothctl list` shows those there are.",
  },
  BLE_ADAPTER_OFF: {
    sentence: "the Bluetooth adapter is switched off",
    nextStep: "Switch it on: `rfkill unblock bluetooth`, then `bluetoothctl power on`.",
  },
  BLE_ADAPTER_BUSY: {
    sentence: "the Bluetooth adapter is busy with somebody else's request",
    nextStep:
      "Carport tries again by itself. If it stays so, restart the Bluetooth service or unplug the adapter for a moment.",
  },
  BLE_ADAPTER_REFUSED: {
    sentence: "the system does not let Carport use the Bluetooth adapter directly",
    nextStep:
      "Use Bluetooth through Home Assistant or BlueZ; raw access takes the rights NET_ADMIN and NET_RAW and the host's network.",
  },
  BLUEZ_MISSING: {
    sentence: "BlueZ, the Bluetooth service of the system, cannot be reached",
    nextStep:
      "Start it (`systemctl start bluetooth`); in a container, pass on /run/dbus. Otherwise use Bluetooth through Home Assistant.",
  },
  BLE_BRIDGE_MISSING: {
    sentence: "Home Assistant cannot connect to Bluetooth devices for Carport without Carport's integration",
    nextStep: "Add the integration Carport in Home Assistant, or choose BlueZ as the way to this device.",
  },
  BLE_BRIDGE_OUTDATED: {
    sentence: "Carport's integration in Home Assistant is too old to connect to Bluetooth devices for this Carport",
    nextStep: "Update the integration Carport in Home Assistant, then restart Home Assistant.",
  },
  BLE_NO_SLOT: {
    sentence: "all connections of the adapters and proxies near it are in use",
    nextStep: "Carport tries again by itself. If it happens often, add a Bluetooth proxy near the device.",
  },
  MONITOR_UNKNOWN: {
    sentence: "this is no BM2, BM6 or BM7: it lacks their characteristics FFF3 and FFF4",
    nextStep: "Choose another device. An OBD adapter can look alike in a scan; add it as an OBD adapter.",
    permanent: true,
  },
  MONITOR_SILENT: {
    sentence: "the battery monitor is connected but gives no reading",
    nextStep: "Carport tries again by itself. If it stays so, take the monitor off the battery for ten seconds.",
  },
} as const satisfies Record<string, ErrorText>;
