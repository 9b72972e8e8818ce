import { expect, test } from "vitest";
import type { BleAdvert, BleCharacteristic } from "#domain/ble.ts";
import { CarportError } from "#domain/error.ts";
import { ManualClock } from "../../../test/manual-clock.ts";
import type { BleRadio, GattLink } from "./radio.ts";
import { SharedAdapter } from "./shared-adapter.ts";

const address = "50:54:7B:24:30:10";
const characteristic: BleCharacteristic = { service: "fff0", uuid: "fff4", properties: ["notify"] };
const never = new AbortController().signal;
const hang = <Never>() => new Promise<Never>(() => undefined);

/** A radio that does as told. */
class FakeRadio implements BleRadio {
  readonly name = "fake";
  scans = 0;
  disconnects = 0;
  closed = false;
  heard: (advert: BleAdvert) => void = () => undefined;
  fail: (error: Error) => void = () => undefined;
  lost: () => void = () => undefined;
  notify: (data: Uint8Array) => void = () => undefined;
  link: GattLink = {
    discover: async () => [characteristic],
    read: hang,
    write: hang,
    subscribe: async (_, notify) => {
      this.notify = notify;
    },
    disconnect: async () => {
      this.disconnects++;
    },
  };
  connecting = async (_signal: AbortSignal): Promise<GattLink> => this.link;

  scan(heard: (advert: BleAdvert) => void, signal: AbortSignal): Promise<void> {
    this.scans++;
    this.heard = heard;
    return new Promise((resolve, reject) => {
      this.fail = reject;
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
  }

  connect(_: string, lost: () => void, signal: AbortSignal): Promise<GattLink> {
    this.lost = lost;
    return this.connecting(signal);
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

const advert = (sender: string): BleAdvert => ({
  address: sender,
  name: undefined,
  rssi: -60,
  time: 0,
  connectable: true,
  source: "fake",
  manufacturerData: new Map(),
  serviceUuids: [],
});

function setUp() {
  const radio = new FakeRadio();
  const clock = new ManualClock();
  return { radio, clock, adapter: new SharedAdapter(radio, clock) };
}

test("however many listen, there is one scan, and it ends with the last of them", async () => {
  const { radio, adapter } = setUp();
  const closing = [new AbortController(), new AbortController()];
  const readers = closing.map(({ signal }) => adapter.adverts(signal));
  const first = readers.map((reader) => reader.next());
  radio.heard(advert(address));
  expect((await Promise.all(first)).map(({ value }) => value)).toMatchObject([{ address }, { address }]);
  expect(radio.scans).toBe(1);
  closing[0]?.abort();
  await readers[0]?.next();
  radio.heard(advert("50:54:7B:24:30:11"));
  expect((await readers[1]?.next())?.value).toMatchObject({ address: "50:54:7B:24:30:11" });
  closing[1]?.abort();
  expect(await readers[1]?.next()).toMatchObject({ done: true });
});

test("who comes back while the scan is ending hears again", async () => {
  const { radio, adapter } = setUp();
  const closing = new AbortController();
  const leaving = adapter.adverts(closing.signal);
  const left = leaving.next();
  closing.abort();
  await left;
  const reader = adapter.adverts(never);
  const next = reader.next();
  await new Promise(setImmediate);
  expect(radio.scans).toBe(2);
  radio.heard(advert(address));
  expect((await next).value).toMatchObject({ address });
});

test("all who listen are told why the scan failed, and the next one starts it again", async () => {
  const { radio, adapter } = setUp();
  const readers = [adapter.adverts(never), adapter.adverts(never)];
  const next = readers.map((reader) => expect(reader.next()).rejects.toMatchObject({ code: "BLE_ADAPTER_MISSING" }));
  radio.fail(new CarportError("BLE_ADAPTER_MISSING", "hci0"));
  await Promise.all(next);
  void adapter.adverts(never).next();
  expect(radio.scans).toBe(2);
});

test.each([
  ["returns", async () => "done"],
  ["fails", () => Promise.reject(new Error("on purpose"))],
])("whoever was connected is disconnected when its use %s", async (_, use) => {
  const { radio, adapter } = setUp();
  await adapter.connected(address, use, never).catch(() => undefined);
  expect(radio.disconnects).toBe(1);
});

test("a device that never answers is given up after the limit, and disconnected", async () => {
  const { radio, clock, adapter } = setUp();
  const reading = adapter.connected(address, (connection) => connection.read(characteristic), never);
  const refused = expect(reading).rejects.toMatchObject({ code: "BLE_TIMEOUT" });
  await clock.untilSleeping();
  await clock.advance(10_000);
  await refused;
  expect(radio.disconnects).toBe(1);
});

test("a connection that does not come about in 30 s is given up, and not left open when it comes after all", async () => {
  const { radio, clock, adapter } = setUp();
  const late = Promise.withResolvers<GattLink>();
  let given: AbortSignal | undefined;
  radio.connecting = (signal) => {
    given = signal;
    return late.promise;
  };
  const refused = expect(adapter.connected(address, async () => "", never)).rejects.toMatchObject({
    code: "BLE_CONNECT_FAILED",
  });
  await clock.untilSleeping();
  await clock.advance(30_000);
  await refused;
  expect(given?.aborted).toBe(true);
  late.resolve(radio.link);
  await new Promise(setImmediate);
  expect(radio.disconnects).toBe(1);
});

test("a lost link ends what waits for an answer and what listens for notifications", async () => {
  const { radio, adapter } = setUp();
  const visit = adapter.connected(
    address,
    async (connection) => {
      const notifications = (await connection.notifications(characteristic))[Symbol.asyncIterator]();
      radio.notify(Uint8Array.of(1));
      const writing = connection.write(characteristic, Uint8Array.of(2)).catch((error) => error.code);
      radio.lost();
      await connection.closed;
      return [await notifications.next(), await notifications.next(), await writing];
    },
    never,
  );
  expect(await visit).toMatchObject([{ value: Uint8Array.of(1) }, { done: true }, "BLE_LOST"]);
  expect(radio.disconnects).toBe(0);
});

test("who is told to close lets go of the link at once", async () => {
  const { radio, adapter } = setUp();
  const closing = new AbortController();
  const visit = adapter.connected(
    address,
    (connection) => {
      closing.abort(new Error("closing"));
      return connection.closed;
    },
    closing.signal,
  );
  await visit;
  expect(radio.disconnects).toBe(1);
});

test("a refusal in words of the radio's own is told as one, with its cause", async () => {
  const { radio, adapter } = setUp();
  radio.link = { ...radio.link, read: () => Promise.reject(new Error("ATT 0x05")) };
  await expect(
    adapter.connected(address, (connection) => connection.read(characteristic), never),
  ).rejects.toMatchObject({
    code: "BLE_REFUSED",
    cause: { message: "ATT 0x05" },
  });
});

test("closing ends the scan before the radio", async () => {
  const { radio, adapter } = setUp();
  void adapter.adverts(never).next();
  await adapter.close();
  expect(radio.closed).toBe(true);
});
