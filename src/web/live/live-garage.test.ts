import { expect, test } from "vitest";
import type { SignalDefinition } from "../../api/contract/signal.ts";
import { LiveGarage } from "./live-garage.ts";

const signal = (key: string): SignalDefinition => ({
  key,
  name: key,
  group: "drive",
  subject: "vehicle",
  type: "number",
  enabled: true,
});
const define = (garage: LiveGarage, ...keys: string[]) =>
  garage.apply({ type: "signals", time: Date.now(), device: "can0", signals: keys.map(signal) });
const values = (garage: LiveGarage) =>
  Object.fromEntries(garage.readings("can0").map(({ signal, value }) => [signal.key, value]));

test("values find their signals, and their times by the server's clock", () => {
  const garage = new LiveGarage();
  define(garage, "speed", "gear");
  garage.apply({ type: "values", time: 50_000, device: "can0", values: [1, -300, 4] });
  expect(garage.readings("can0")).toMatchObject([
    { signal: { key: "speed" }, value: undefined, time: undefined },
    { signal: { key: "gear" }, value: 4, time: 49_700 },
  ]);
});

test("a restarted server may number its signals anew: the last values stay with their signals", () => {
  const garage = new LiveGarage();
  define(garage, "speed", "gear");
  garage.apply({ type: "values", time: 1, device: "can0", values: [0, 0, 50, 1, 0, 4] });
  define(garage, "gear", "range", "speed");
  expect(values(garage)).toEqual({ gear: 4, range: undefined, speed: 50 });
});

test("values of what was never defined, and half a triple, are left out", () => {
  const garage = new LiveGarage();
  garage.apply({ type: "values", time: 1, device: "ghost", values: [0, 0, 1] });
  define(garage, "speed");
  garage.apply({ type: "values", time: 1, device: "can0", values: [7, 0, 1, 0, 0] });
  expect(values(garage)).toEqual({ speed: undefined });
  expect(garage.readings("ghost")).toEqual([]);
});

test("what was measured in one vehicle is not of the next", () => {
  const garage = new LiveGarage();
  const device = { id: "can0", name: "CAN", kind: "k", enabled: true, state: "connected", since: 0 } as const;
  const of = (...ids: string[]) =>
    garage.apply({
      type: "garage",
      time: 1,
      unassigned: [],
      found: 0,
      vehicles: ["leaf", "van"].map((id) => ({
        id,
        name: id,
        kind: "car",
        devices: ids.includes(id) ? [{ ...device, model: null, fault: null }] : [],
      })),
    });
  of("leaf");
  define(garage, "speed");
  garage.apply({ type: "values", time: 1, device: "can0", values: [0, 0, 50] });
  of("leaf");
  expect(values(garage)).toEqual({ speed: 50 });
  of("van");
  expect(values(garage)).toEqual({});
});

test("ages are true on a phone whose clock is wrong", () => {
  const garage = new LiveGarage();
  const serverTime = Date.now() + 3_600_000;
  garage.apply({ type: "time", time: serverTime });
  expect(Math.abs(garage.now() - serverTime)).toBeLessThan(1_000);
});

test("each return of the connection is counted, so that holes can be filled", () => {
  const garage = new LiveGarage();
  const seen: string[] = [];
  garage.addEventListener("change", () => seen.push(garage.connection));
  for (const connection of ["open", "open", "lost", "open"] as const) garage.setConnection(connection);
  expect(garage.connections).toBe(2);
  expect(seen).toEqual(["open", "lost", "open"]);
});
