import { VirtualAir } from "./virtual-ble.ts";

/** The airs there are, by name. They stay: there are as many as tests and demo name. */
const airs = new Map<string, VirtualAir>();

/** The air of that name within this process: who places peripherals into it is heard by all who name it. */
export function virtualAir(name: string): VirtualAir {
  const air = airs.get(name) ?? new VirtualAir();
  airs.set(name, air);
  return air;
}
