import type { ErrorText } from "./error-text.ts";

/** CAN buses, recordings, DBC files and the simulator. */
export const canErrors = {
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
} as const satisfies Record<string, ErrorText>;
