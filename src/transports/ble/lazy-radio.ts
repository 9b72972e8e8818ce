import type { BleRadio } from "./radio.ts";

/** A radio whose code and libraries are loaded when it is first used: most garages have one way to Bluetooth, or none. */
export function lazyRadio(name: string, load: () => Promise<BleRadio>): BleRadio {
  let loaded: Promise<BleRadio> | undefined;
  const radio = (): Promise<BleRadio> => {
    loaded ??= load();
    return loaded;
  };
  return {
    name,
    scan: async (heard, signal) => (await radio()).scan(heard, signal),
    connect: async (address, lost, signal) => (await radio()).connect(address, lost, signal),
    close: async () => (await loaded?.catch(() => undefined))?.close(),
  };
}
