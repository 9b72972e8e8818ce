export interface ErrorText {
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
  NOT_IN_HOME_ASSISTANT: {
    sentence: "Carport does not run as an app of Home Assistant, so Home Assistant cannot offer it",
    nextStep: "Install Carport as an app in Home Assistant, or set this up by hand.",
  },
  HOME_ASSISTANT_MQTT_MISSING: {
    sentence: "it has no MQTT, so Carport's entities cannot appear there",
    nextStep: "Add the integration MQTT in Home Assistant under Settings, Devices & services.",
  },
  BROKER_NOT_OFFERED: {
    sentence: "no broker is set and Home Assistant offers none",
    nextStep: 'Install the app "Mosquitto broker" in Home Assistant, or set a broker in Carport\'s settings.',
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
  HOME_ASSISTANT_LEFT: {
    sentence: "it has said at the broker that it goes, and has not come back",
    nextStep: "Wait until Home Assistant has started; if it runs, reload its integration MQTT.",
  },
  HOME_ASSISTANT_UNHEARD: {
    sentence: "it has said nothing at this broker since Carport is connected, which it does only when it starts",
    nextStep:
      "If the entities are missing there, add the integration MQTT in Home Assistant with the same broker and the same discovery prefix.",
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
  API_VALUE_INVALID: {
    sentence: "the API takes no such value here",
    nextStep: "Correct the value that `source.pointer` names; see /api/openapi.json or /docs.",
  },
  API_MEDIA_TYPE_UNSUPPORTED: {
    sentence: "the API takes documents of the type application/vnd.api+json only, without extensions",
    nextStep: "Send the header Content-Type: application/vnd.api+json.",
  },
  API_NOT_ACCEPTABLE: {
    sentence: "the API answers in application/vnd.api+json without extensions, which the request does not accept",
    nextStep: "Send the header Accept: application/vnd.api+json.",
  },
  API_CONFLICT: {
    sentence: "the document does not fit the address it was sent to",
    nextStep: "Send the type and the id that belong to the address.",
  },
  API_CLIENT_ID_REFUSED: {
    sentence: "Carport gives the ids itself",
    nextStep: "Leave `data.id` out.",
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
    nextStep: "Open Carport's own page. A proxy in between must keep the Host header.",
  },
  API_LIVE_FULL: {
    sentence: "too many pages are open",
    nextStep: "Close some of them; the others are not affected.",
  },
  ACCESS_REFUSED: {
    sentence: "it may not open Carport: only this machine and Home Assistant may",
    nextStep:
      "Open Carport in Home Assistant's sidebar. For other ways in, set http.token (CARPORT_HTTP_TOKEN) to 20 characters or more and open the address with ?token=… once.",
  },
  ACCESS_TOKEN_MISSING: {
    sentence: "it may open Carport with the token only",
    nextStep:
      "Open Carport's address with /?token=… once in this browser, or send Authorization: Bearer with the token.",
  },
  ACCESS_TOKEN_WRONG: {
    sentence: "this is not the token",
    nextStep: "Take it from http.token in system.json, or from CARPORT_HTTP_TOKEN.",
  },
  ACCESS_TOO_MANY_ATTEMPTS: {
    sentence: "too many wrong tokens came from there",
    nextStep: "Wait a minute, then try again with the right one.",
  },
  PAGE_NOT_BUILT: {
    sentence: "it has not been built, so only the API answers",
    nextStep: "Run npm start, which builds it, or node src/web/bundle.mjs.",
  },
  DBC_MISSING: {
    sentence: "there is no such DBC file",
    nextStep: "Check the path and the spelling; in Home Assistant, files are found below /share.",
  },
  DBC_UNREADABLE: {
    sentence: "the DBC file cannot be read from the disk",
    nextStep: "Check that it is a file, that Carport may read it and that the disk is in order.",
  },
  DBC_SYNTAX: {
    sentence: "the DBC file is not understood from here on, so nothing of it is used",
    nextStep: "Correct it at the line and column shown, or export it anew; Carport looks again within a minute.",
  },
  DBC_EMPTY: {
    sentence: "the DBC file describes no signal that can be decoded",
    nextStep: "Choose a file with BO_ and SG_ statements, whose signals fit into their messages.",
  },
  CAN_LOG_MISSING: {
    sentence: "there is no such recording",
    nextStep: "Check the path and the spelling; in Home Assistant, recordings are found below /share and /media.",
  },
  CAN_LOG_IS_FOLDER: {
    sentence: "this is a folder, not a recording",
    nextStep: "Name one file in it.",
    permanent: true,
  },
  CAN_LOG_UNREADABLE: {
    sentence: "the recording cannot be read",
    nextStep: "Check that Carport may read the file, that the disk is in order and that a compressed file is whole.",
  },
  CAN_LOG_EMPTY: {
    sentence: "the recording is empty",
    nextStep: "Record again, or name another file.",
    permanent: true,
  },
  CAN_LOG_UNKNOWN: {
    sentence: "the file is in no CAN log format that Carport knows",
    nextStep: "Save it as candump -L, ASC, BLF, TRC, CRTD, SavvyCAN CSV or pcap; docs/can-logs.md lists them all.",
    permanent: true,
  },
  CAN_LOG_MDF4: {
    sentence: "the recording is in MDF4, which Carport does not read",
    nextStep: "Convert it, for example with CSS Electronics' MF4 converters or asammdf, to ASC, BLF or candump -L.",
    permanent: true,
  },
  CAN_LOG_NO_FRAMES: {
    sentence: "no CAN frame was found in the recording",
    nextStep: "Look into the file: it may hold a header only, another kind of bus, or be damaged from the start.",
    permanent: true,
  },
  CAN_MODULE_MISSING: {
    sentence: "the native module for SocketCAN is missing or does not fit this Node.js",
    nextStep: "Run `npm rebuild socketcan` (it needs make, g++ and python3), or use the container image, which has it.",
    permanent: true,
  },
  CAN_NOT_SUPPORTED: {
    sentence: "the kernel offers no SocketCAN here",
    nextStep:
      "Run `modprobe can-raw` on the host, or use a kernel with CAN, as Home Assistant OS and Raspberry Pi OS have.",
  },
  CAN_INTERFACE_MISSING: {
    sentence: "there is no such network interface",
    nextStep:
      "Look at `ip link` on the host. Inside Home Assistant, Carport sees it only with the host's network: see DOCS.md.",
  },
  CAN_INTERFACE_NOT_CAN: {
    sentence: "this network interface is not a CAN bus",
    nextStep: "Name one that `ip link show type can` or `ip link show type vcan` lists, such as can0.",
    permanent: true,
  },
  CAN_INTERFACE_DOWN: {
    sentence: "the CAN interface is down",
    nextStep:
      "Run `ip link set can0 up type can bitrate 500000` on the host, with its name and the bit rate of the bus.",
  },
  CAN_INTERFACE_LOST: {
    sentence: "the CAN interface went away while it was in use",
    nextStep: "Check the adapter and its cable; Carport takes it up again when it is back.",
  },
  CAN_INTERFACE_REFUSED: {
    sentence: "the CAN interface could not be opened",
    nextStep: "Check that Carport may open CAN sockets (no container profile in the way); the log has the cause.",
  },
  CAN_FRAMES_DAMAGED: {
    sentence: "frames arrive with a wrong checksum or length; they are dropped, all others are used",
    nextStep:
      "Check plug, wiring and 120 Ω termination of the CAN bus, and that nothing else sends with the car's ids.",
  },
  SIMULATOR_BUS_IN_USE: {
    sentence: "someone sends on this CAN bus already, so no simulated vehicle may",
    nextStep: "Name a virtual interface, such as vcan0, that nothing else sends on.",
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

export type ErrorCode = keyof typeof errorTexts;
