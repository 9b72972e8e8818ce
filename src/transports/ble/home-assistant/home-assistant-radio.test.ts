import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import type { BleConnection } from "#domain/ble.ts";
import { systemClock } from "#hub/system-clock.ts";
import { SharedAdapter } from "../shared-adapter.ts";
import { HomeAssistantRadio } from "./home-assistant-radio.ts";

const TOKEN = "the-token";
const address = "50:54:7B:24:30:10";
const service = "0000fff0-0000-1000-8000-00805f9b34fb";
const uuid = "0000fff4-0000-1000-8000-00805f9b34fb";
const never = new AbortController().signal;

interface Command {
  readonly id: number;
  readonly type: string;
  readonly [field: string]: unknown;
}
type Reply = { readonly result: unknown; readonly events?: readonly unknown[] } | { readonly code: string } | "hang up";

/** Core's WebSocket, with the commands a test gives it; every other one is unknown. */
class CoreDouble {
  readonly received: Command[] = [];
  readonly commands = new Map<string, (command: Command) => Reply>();
  readonly #server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  #last: { readonly socket: WebSocket; readonly id: number } | undefined;

  constructor() {
    this.#server.on("connection", (socket) => {
      const send = (message: object) => socket.send(JSON.stringify(message));
      send({ type: "auth_required", ha_version: "2026.10.4" });
      socket.on("message", (text) => {
        const message = JSON.parse(String(text));
        if (message.type === "auth") send(message.access_token === TOKEN ? authOk : { type: "auth_invalid" });
        else if (message.type !== "supported_features") this.#answer(socket, message);
      });
    });
  }

  get url(): string {
    // A server on a TCP port has an address.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async listening(): Promise<void> {
    await once(this.#server, "listening");
  }

  /** An event of the connection that was made last. */
  event(event: unknown): void {
    this.#last?.socket.send(JSON.stringify({ id: this.#last.id, type: "event", event }));
  }

  hangUp(): void {
    for (const socket of this.#server.clients) socket.terminate();
  }

  async close(): Promise<void> {
    this.hangUp();
    this.#server.close();
    await once(this.#server, "close");
  }

  #answer(socket: WebSocket, command: Command): void {
    this.received.push(command);
    const { id, type } = command;
    const reply = this.commands.get(type)?.(command) ?? { code: "unknown_command" };
    if (type === "carport/ble/connect") this.#last = { socket, id };
    if (reply === "hang up") {
      socket.terminate();
      return;
    }
    const success = "result" in reply;
    const body = success ? { result: reply.result } : { error: { ...reply, message: "told by the double" } };
    socket.send(JSON.stringify({ id, type: "result", success, ...body }));
    for (const event of success ? (reply.events ?? []) : []) socket.send(JSON.stringify({ id, type: "event", event }));
  }
}

const authOk = { type: "auth_ok", ha_version: "2026.10.4" };
const heard = {
  name: "BM6",
  address,
  rssi: -61,
  manufacturer_data: { "12345": "0a0b" },
  service_data: {},
  service_uuids: [service.toUpperCase()],
  source: "AA:BB:CC:DD:EE:FF",
  connectable: false,
  time: 1_700_000_000.5,
  tx_power: null,
};
const scanners = {
  result: null,
  events: [{ add: [{ source: "AA:BB:CC:DD:EE:FF", name: "Garage proxy (AA:BB:CC:DD:EE:FF)" }] }],
};
const ok = (): Reply => ({ result: {} });

let close: () => Promise<void> = async () => undefined;
afterEach(() => close());

async function setUp() {
  const core = new CoreDouble();
  await core.listening();
  const { url } = core;
  const adapter = new SharedAdapter(new HomeAssistantRadio({ url, token: TOKEN }, systemClock), systemClock);
  close = async () => {
    await adapter.close();
    await core.close();
  };
  core.commands.set("bluetooth/subscribe_scanner_details", () => scanners);
  core.commands.set("bluetooth/subscribe_advertisements", () => ({ result: null, events: [{ add: [heard] }] }));
  core.commands.set("carport/ble/hello", () => ({ result: { version: 1, integration: "0.1.0" } }));
  core.commands.set("carport/ble/connect", () => ({ result: null, events: [{ event: "connected", connection: "7" }] }));
  core.commands.set("carport/ble/services", () => ({
    result: {
      characteristics: [
        { handle: 18, service: service.toUpperCase(), uuid, properties: ["write", "notify", "authorize"] },
      ],
    },
  }));
  for (const name of ["write", "notify", "disconnect"]) core.commands.set(`carport/ble/${name}`, ok);
  return { core, adapter };
}

test("an advert says what was heard, by whom, when, and whether a connection is possible", async () => {
  const { adapter } = await setUp();
  expect((await adapter.adverts(never).next()).value).toEqual({
    address,
    name: "BM6",
    rssi: -61,
    time: 1_700_000_000_500,
    connectable: false,
    source: "Garage proxy",
    manufacturerData: new Map([[12345, Uint8Array.of(0x0a, 0x0b)]]),
    serviceUuids: [service],
  });
});

test("what makes no sense among the adverts is left out, the rest arrives", async () => {
  const { core, adapter } = await setUp();
  const broken = [null, 7, {}, { ...heard, manufacturer_data: { 1: "xyz" } }, { ...heard, rssi: "loud" }];
  const events = [null, { remove: [{ address }] }, { add: broken }, { add: [{ ...heard, name: address }] }];
  core.commands.set("bluetooth/subscribe_advertisements", () => ({ result: null, events }));
  expect((await adapter.adverts(never).next()).value).toMatchObject({ address, name: undefined });
});

test("who listens hears on after Core was away, and also when its Bluetooth comes later than the rest of it", async () => {
  const { core, adapter } = await setUp();
  const adverts = adapter.adverts(never);
  await adverts.next();
  let refusals = 0;
  core.commands.set("bluetooth/subscribe_advertisements", () =>
    refusals++ === 0 ? { code: "unknown_command" } : { result: null, events: [{ add: [{ ...heard, rssi: -40 }] }] },
  );
  core.hangUp();
  expect((await adverts.next()).value).toMatchObject({ rssi: -40 });
});

test("Core that cannot be reached, a token it refuses and a Core without Bluetooth are told apart", async () => {
  const { core, adapter } = await setUp();
  core.commands.clear();
  await expect(adapter.adverts(never).next()).rejects.toMatchObject({ code: "HOME_ASSISTANT_BLUETOOTH_MISSING" });
  const stranger = new SharedAdapter(new HomeAssistantRadio({ url: core.url, token: "x" }, systemClock), systemClock);
  await expect(stranger.adverts(never).next()).rejects.toMatchObject({ code: "HOME_ASSISTANT_TOKEN_REFUSED" });
  await core.close();
  await expect(stranger.adverts(never).next()).rejects.toMatchObject({ code: "HOME_ASSISTANT_AWAY" });
  close = () => adapter.close();
});

test.each([
  ["carport/ble/hello", "unknown_command", "BLE_BRIDGE_MISSING"],
  ["carport/ble/hello", "unsupported_version", "BLE_BRIDGE_OUTDATED"],
  ["carport/ble/connect", "not_found", "BLE_NOT_FOUND"],
  ["carport/ble/connect", "no_slot", "BLE_NO_SLOT"],
  ["carport/ble/connect", "connect_failed", "BLE_CONNECT_FAILED"],
  ["carport/ble/services", "unknown_connection", "BLE_LOST"],
  ["carport/ble/services", "timeout", "BLE_TIMEOUT"],
  ["carport/ble/services", "something_new", "BLE_REFUSED"],
])("%s answered with %s is told as %s", async (type, code, expected) => {
  const { core, adapter } = await setUp();
  core.commands.set(type, () => ({ code }));
  const visit = adapter.connected(address, (connection) => connection.characteristics(), never);
  await expect(visit).rejects.toMatchObject({ code: expected });
});

/** Subscribes, writes, and gives the first notification. */
async function ask(connection: BleConnection): Promise<unknown> {
  const [characteristic] = await connection.characteristics();
  if (characteristic === undefined) throw new Error("no characteristic");
  const notifications = await connection.notifications(characteristic);
  await connection.write(characteristic, Uint8Array.of(0xd1, 0x55));
  const { value } = await notifications[Symbol.asyncIterator]().next();
  return [characteristic, value];
}

test("a device is connected, asked and disconnected", async () => {
  const { core, adapter } = await setUp();
  core.commands.set("carport/ble/write", () => {
    core.event({ event: "notification", characteristic: 99, data: "00" });
    core.event({ event: "notification", characteristic: 18, data: "f55081" });
    return { result: {} };
  });
  expect(await adapter.connected(address, ask, never)).toEqual([
    { service, uuid, properties: ["write", "notify"] },
    Uint8Array.of(0xf5, 0x50, 0x81),
  ]);
  expect(core.received.map(({ id, ...command }) => command)).toMatchObject([
    { type: "carport/ble/hello", version: 1 },
    { type: "carport/ble/connect", address },
    { type: "carport/ble/services", connection: "7" },
    { type: "carport/ble/notify", connection: "7", characteristic: 18, enable: true },
    { type: "carport/ble/write", connection: "7", characteristic: 18, data: "d155", response: true },
    { type: "carport/ble/disconnect", connection: "7" },
  ]);
});

test("a link that is lost ends the notifications, and is not disconnected again", async () => {
  const { core, adapter } = await setUp();
  const visit = async (connection: BleConnection) => {
    const [characteristic] = await connection.characteristics();
    if (characteristic === undefined) throw new Error("no characteristic");
    const notifications = await connection.notifications(characteristic);
    core.event({ event: "disconnected" });
    return notifications[Symbol.asyncIterator]().next();
  };
  expect(await adapter.connected(address, visit, never)).toMatchObject({ done: true });
  expect(core.received.map(({ type }) => type)).not.toContain("carport/ble/disconnect");
});

test("Core that goes away in the middle of a connection loses it", async () => {
  const { core, adapter } = await setUp();
  core.commands.set("carport/ble/write", () => "hang up");
  await expect(adapter.connected(address, ask, never)).rejects.toMatchObject({ code: "BLE_LOST" });
});
