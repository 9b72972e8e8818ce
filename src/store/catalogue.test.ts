import { describe, expect, test } from "vitest";
import { can0, deviceId, gear, leaf, quantity, samples, van } from "../../test/household.ts";
import { ManualClock } from "../../test/manual-clock.ts";
import { all, openStore, START, voltage } from "../../test/store-samples.ts";
import { temporaryFolder } from "../../test/temporary-folder.ts";

describe("a channel", () => {
  test("shows its newest value right after opening, of what was sealed and of what was only flushed", () => {
    using folder = temporaryFolder();
    const store = openStore(folder.path);
    store.append(can0, leaf, samples(START, [voltage, 380], [gear, 4]));
    store.close();
    const crashed = openStore(folder.path);
    crashed.append(can0, leaf, samples(START + 5, [voltage, 381]));
    crashed.flush();
    const later = openStore(folder.path);
    expect(later.channels().map(({ signal, last }) => [signal, last])).toEqual([
      [voltage, { time: START + 5, value: 381 }],
      [gear, { time: START, value: 4 }],
    ]);
    later.close();
  });

  test("keeps its newest value when older samples come in later", () => {
    using folder = temporaryFolder();
    const store = openStore(folder.path);
    store.append(can0, leaf, samples(START, [voltage, 380]));
    store.append(can0, leaf, samples(START - 86_400_000, [voltage, 300]));
    expect(store.channels()[0]?.last).toEqual({ time: START, value: 380 });
    store.close();
    expect(openStore(folder.path).channels()[0]?.last).toEqual({ time: START, value: 380 });
  });

  test("leaves a value of a time that the clock has since shown to be wrong", () => {
    using folder = temporaryFolder();
    const clock = new ManualClock(START + 400 * 86_400_000);
    const store = openStore(folder.path, clock);
    store.append(can0, leaf, samples(clock.now(), [voltage, 300]));
    clock.jump(-400 * 86_400_000);
    store.append(can0, leaf, samples(START, [voltage, 380]));
    expect(store.channels()[0]?.last).toEqual({ time: START, value: 380 });
    store.close();
  });

  test("stays with its vehicle when the device moves to another one", () => {
    using folder = temporaryFolder();
    const store = openStore(folder.path);
    store.append(can0, leaf, samples(START, [voltage, 380]));
    store.append(can0, van, samples(START + 10, [voltage, 12]));
    store.append(can0, undefined, samples(START + 20, [voltage, 0]));
    store.close();
    const later = openStore(folder.path);
    expect(later.channels().map(({ vehicle, last }) => [vehicle, last?.value])).toEqual([
      [leaf, 380],
      [van, 12],
      [undefined, 0],
    ]);
    const read = (vehicle?: typeof leaf) => [
      ...later.read({ device: can0, signal: voltage.key, from: 0, to: START + 100, ...(vehicle && { vehicle }) })
        .values,
    ];
    expect(read(leaf)).toEqual([380]);
    expect(read(van)).toEqual([12]);
    expect(read()).toEqual([380, 12, 0]);
    later.close();
  });

  test("of one device is not mixed up with that of another that reports the same signals at the same times", () => {
    using folder = temporaryFolder();
    const store = openStore(folder.path);
    const other = deviceId("can1");
    store.append(can0, leaf, samples(START, [voltage, 380]));
    store.append(other, leaf, samples(START, [voltage, 390]));
    store.close();
    const later = openStore(folder.path);
    expect(all(later)).toEqual([[START, 380]]);
    expect([...later.read({ device: other, signal: voltage.key, from: 0, to: START + 1 }).values]).toEqual([390]);
    later.close();
  });

  test("keeps what it has when a new version of Carport describes its signal better", () => {
    using folder = temporaryFolder();
    const store = openStore(folder.path);
    store.append(can0, leaf, samples(START, [voltage, 380.5]));
    store.close();
    const better = quantity("pack_voltage", { unit: "V", name: "Pack voltage", quantum: { scale: 0.1, offset: 0 } });
    const later = openStore(folder.path);
    later.append(can0, leaf, samples(START + 10, [better, 380.7]));
    expect(later.channels()).toMatchObject([{ signal: better }]);
    later.close();
    const last = openStore(folder.path);
    expect(last.channels()).toMatchObject([{ signal: better }]);
    expect(all(last)).toEqual([
      [START, 380.5],
      [START + 10, 380.7],
    ]);
    last.close();
  });

  test("is another one once its unit has changed, so that old numbers are not read in the new unit", () => {
    using folder = temporaryFolder();
    const store = openStore(folder.path);
    store.append(can0, leaf, samples(START, [quantity("range", { unit: "mi" }), 60]));
    store.append(can0, leaf, samples(START + 10, [quantity("range", { unit: "km" }), 100]));
    expect(all(store, quantity("range"))).toEqual([[START + 10, 100]]);
    expect(store.channels().map(({ last }) => last?.value)).toEqual([60, 100]);
    store.close();
  });
});
