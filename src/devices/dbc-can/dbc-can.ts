import { z } from "zod";
import type { DeviceKind } from "#devices/device-kind.ts";
import type { CanFrame } from "#domain/can-frame.ts";
import { recogniseLog } from "#protocols/can/logs/recognise.ts";
import { type SampleSink, SignalRegister } from "#protocols/can/signal-register.ts";
import { DbcFrameDecoder } from "#protocols/dbc/frame-decoder.ts";
import type { DbcNetwork } from "#protocols/dbc/network.ts";
import { canBusSettings, openCanBus } from "#transports/can-bus.ts";
import { type BusReader, CanSession } from "../can-session.ts";
import { readDbcFile } from "./dbc-file.ts";

/** Of what a file says and Carport leaves out, so much goes to the log. */
const WARNINGS_TOLD = 10;

export const dbcCanSettings = z.strictObject({
  bus: canBusSettings.bus,
  dbc: z
    .string()
    .min(1)
    .describe("Path of the DBC file that describes the car's messages, for example /share/my-car.dbc"),
  replaySpeed: canBusSettings.replaySpeed,
});

export type DbcCanSettings = z.infer<typeof dbcCanSettings>;

class DbcReader implements BusReader {
  readonly register = new SignalRegister();
  readonly #decoder: DbcFrameDecoder;

  constructor(network: DbcNetwork) {
    this.#decoder = new DbcFrameDecoder(network, this.register);
  }

  get counters(): Readonly<Record<string, number>> {
    return { ...this.#decoder.counters };
  }

  read(frame: CanFrame, _now: number, sink: SampleSink): void {
    this.#decoder.decode(frame, sink);
  }
}

/** Any car with a CAN bus and a DBC file that describes it. Never sends. */
export const dbcCan: DeviceKind<DbcCanSettings> = {
  kind: "dbc-can",
  title: "Any car on a CAN bus, by its DBC file",
  settings: dbcCanSettings,
  async *open({ bus: name, dbc, replaySpeed }, context) {
    const { clock, log } = context;
    const { network, warnings } = await readDbcFile(dbc);
    if (warnings.length > 0) {
      const told = warnings.slice(0, WARNINGS_TOLD).map(({ line, text }) => `line ${line}: ${text}`);
      log.warn(`${dbc}: what could not be used was left out (${warnings.length})`, { told });
    }
    const reader = new DbcReader(network);
    const bus = await openCanBus({ bus: name, replaySpeed, send: false, recognise: recogniseLog, clock });
    yield* new CanSession(bus, reader, context).run();
  },
};
