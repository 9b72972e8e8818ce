import { type BleCharacteristic, shortUuid } from "#domain/ble.ts";
import type { BatteryMonitor } from "./battery-monitor.ts";

const service = shortUuid("FFF0");
const WRITE = shortUuid("FFF3");
const NOTIFY = shortUuid("FFF4");

const characteristics: readonly BleCharacteristic[] = [
  { service, uuid: WRITE, properties: ["write"] },
  { service, uuid: NOTIFY, properties: ["notify"] },
];

/** What an air must offer for a monitor to be in it. */
export interface Air {
  place(peripheral: {
    readonly address: string;
    advert(): { name: string; manufacturerData: ReadonlyMap<number, Uint8Array>; serviceUuids: readonly string[] };
    readonly characteristics: readonly BleCharacteristic[];
    write(characteristic: string, data: Uint8Array, notify: Notify): void;
    subscribed?(characteristic: string, notify: Notify, ended: AbortSignal): void;
  }): () => void;
}

type Notify = (characteristic: string, data: Uint8Array) => void;

/** Puts a simulated monitor into an air; returns how to take it away. */
export function placeMonitor(air: Air, monitor: BatteryMonitor): () => void {
  return air.place({
    address: monitor.address,
    advert: () => {
      const record = monitor.manufacturerRecord();
      return {
        name: monitor.name,
        manufacturerData: new Map(record === undefined ? [] : [[record.company, record.data]]),
        serviceUuids: [],
      };
    },
    characteristics,
    write: (characteristic, data, notify) => {
      if (characteristic === WRITE) void monitor.answer(data, (notification) => notify(NOTIFY, notification));
    },
    subscribed: (characteristic, notify, ended) => {
      if (characteristic === NOTIFY) void monitor.push((data) => notify(NOTIFY, data), ended);
    },
  });
}
