import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { type ApiServer, at, can0, leaf, startApiServer } from "../../../test/api-server.ts";
import { deviceId, driveAt, feed, leafSignals, vehicleId } from "../../../test/fake-drive.ts";
import { ManualClock } from "../../../test/manual-clock.ts";
import type { LiveFrame, SignalsFrame, ValuesFrame } from "../contract/live.ts";

const TICK = 100;
const speed = leafSignals.findIndex(({ key }) => key === "speed");

let clock: ManualClock;
let server: ApiServer;
let pages: Page[] = [];
beforeEach(async () => {
  clock = new ManualClock(Date.UTC(2026, 5, 1, 12));
  server = await startApiServer(clock);
});
afterEach(async () => {
  for (const page of pages) page.socket.terminate();
  pages = [];
  await server[Symbol.asyncDispose]();
});

/** An open page: its frames in the order they came. */
class Page {
  readonly frames: LiveFrame[] = [];
  readonly socket: WebSocket;

  constructor(query = "", headers: Record<string, string> = {}) {
    this.socket = new WebSocket(`ws://127.0.0.1:${server.api.port}/api/live${query}`, { headers });
    this.socket.on("message", (data) => this.frames.push(JSON.parse(String(data))));
    this.socket.on("error", () => undefined);
    pages.push(this);
  }

  async open(): Promise<this> {
    await once(this.socket, "open");
    await this.next();
    return this;
  }

  /** Lets a tick pass, and everything sent in it arrive. */
  async next(): Promise<LiveFrame[]> {
    const from = this.frames.length;
    await clock.advance(TICK);
    // A pong comes after everything that was sent before its ping.
    this.socket.ping();
    await once(this.socket, "pong");
    return this.frames.slice(from);
  }

  of<Type extends LiveFrame["type"]>(type: Type): Extract<LiveFrame, { type: Type }>[] {
    return this.frames.filter((frame) => frame.type === type) as Extract<LiveFrame, { type: Type }>[];
  }
}

const valueIn = (frame: ValuesFrame | undefined, slot: number): number | undefined => {
  for (let at = 0; at < (frame?.values.length ?? 0); at += 3)
    if (frame?.values[at] === slot) return frame.values[at + 2];
  return undefined;
};

test("a new page gets the garage, the signals and their last values, a sleeping car's too", async () => {
  feed(server.garage, server.store, can0, clock.now() - 60_000, driveAt(0));
  const page = await new Page("?vehicle=family-leaf").open();
  expect(page.frames.map(({ type }) => type)).toEqual(["garage", "signals", "values"]);
  const [garage, signals, values] = page.frames;
  expect(garage).toMatchObject({
    time: clock.now() - TICK,
    vehicles: [{ id: "family-leaf", devices: [{ id: "leaf-can0", state: "connected", model: "Leaf AZE0" }] }],
    unassigned: [],
    found: 0,
  });
  expect((signals as SignalsFrame).signals[0]).toMatchObject({ key: "state_of_charge", unit: "%", precision: 1 });
  expect((values as ValuesFrame).values.slice(0, 3)).toEqual([0, -60_000, 61.4]);
  expect(JSON.stringify(page.frames)).not.toMatch(/SJNFAAZE|hunter2/);
});

test("then only what has changed comes, the newest value once per tick", async () => {
  const page = await new Page().open();
  for (const value of [50, 51, 52]) {
    const values = driveAt(0);
    values[speed] = value;
    feed(server.garage, server.store, can0, clock.now(), values);
  }
  const [first] = await page.next();
  expect(first).toMatchObject({ type: "values", device: "leaf-can0" });
  expect(valueIn(first as ValuesFrame, speed)).toBe(52);
  const later = driveAt(0);
  later[speed] = 53;
  feed(server.garage, server.store, can0, clock.now(), later);
  const [second] = await page.next();
  expect((second as ValuesFrame).values).toEqual([speed, expect.any(Number), 53]);
  expect(await page.next()).toEqual([]);
});

test("a value that stays the same is told again each second: it is fresh", async () => {
  const page = await new Page().open();
  feed(server.garage, server.store, can0, clock.now(), driveAt(0));
  await page.next();
  clock.jump(1_000);
  feed(server.garage, server.store, can0, clock.now(), driveAt(0));
  const [again] = await page.next();
  expect(valueIn(again as ValuesFrame, speed)).toBe(driveAt(0)[speed]);
});

test("a page of one vehicle hears nothing of another", async () => {
  const van = vehicleId("van");
  const obd = deviceId("obd");
  server.garage.put({ id: van, name: "Van", kind: "van" });
  server.garage.putDevice({ id: obd, kind: "obd", name: "OBD", vehicle: van, enabled: true, settings: {} });
  const ofLeaf = await new Page("?vehicle=family-leaf").open();
  const ofVan = await new Page("?vehicle=van").open();
  const ofAll = await new Page().open();
  feed(server.garage, server.store, obd, clock.now(), driveAt(0));
  await ofAll.next();
  for (const page of [ofLeaf, ofVan]) await page.next();
  expect(ofLeaf.of("values").filter(({ device }) => device === obd)).toEqual([]);
  expect(ofVan.of("values")).toMatchObject([{ device: "obd" }]);
  expect(ofAll.of("values").map(({ device }) => device)).toContain("obd");
});

test("a change of state or assignment reaches every page", async () => {
  const page = await new Page("?vehicle=family-leaf").open();
  const before = server.garage.device(can0);
  if (!before) throw new Error("no device");
  server.garage.putDevice(before.record, { state: "asleep", since: clock.now() });
  expect(await page.next()).toMatchObject([{ type: "garage", vehicles: [{ devices: [{ state: "asleep" }] }] }]);
  const { vehicle: _, ...free } = before.record;
  server.garage.putDevice(free);
  expect(await page.next()).toMatchObject([
    { type: "garage", vehicles: [{ devices: [] }], unassigned: [{ id: can0 }] },
  ]);
  server.garage.removeDevice(can0);
  expect(await page.next()).toMatchObject([{ type: "garage", unassigned: [] }]);
});

test("what was measured in one vehicle is not shown as the next one's", async () => {
  const van = vehicleId("van");
  server.garage.put({ id: van, name: "Van", kind: "van" });
  feed(server.garage, server.store, can0, clock.now(), driveAt(0));
  const page = await new Page("?vehicle=van").open();
  await new Page().open();
  const record = server.garage.device(can0)?.record;
  if (!record) throw new Error("no device");
  server.garage.putDevice({ ...record, vehicle: van });
  expect((await page.next()).map(({ type }) => type)).toEqual(["garage", "signals"]);
  feed(server.garage, server.store, can0, clock.now(), [42]);
  expect(await page.next()).toMatchObject([{ type: "values", values: [0, expect.any(Number), 42] }]);
});

test("a signal that turns up later is defined before its first value", async () => {
  server.garage.putDevice(
    { id: can0, kind: "leaf-can", name: "Leaf CAN", vehicle: leaf, enabled: true, settings: {} },
    { signals: [] },
  );
  const page = await new Page().open();
  expect(page.of("signals")).toEqual([]);
  feed(server.garage, server.store, can0, clock.now(), driveAt(0));
  expect((await page.next()).map(({ type }) => type)).toEqual(["signals", "values"]);
});

test("where nothing happens the time comes every 5 s, so that a page knows that the connection lives", async () => {
  const page = await new Page().open();
  for (let tick = 0; tick < 48; tick++) await page.next();
  expect(page.of("time")).toEqual([]);
  for (let tick = 0; tick < 4; tick++) await page.next();
  expect(page.of("time")).toHaveLength(1);
});

test("the bus is left alone while no page is open", async () => {
  const page = await new Page().open();
  page.socket.close();
  await once(page.socket, "close");
  await clock.advance(TICK);
  expect(clock.sleeping).toBe(0);
  const again = await new Page().open();
  expect(again.frames[0]).toMatchObject({ type: "garage" });
});

describe("pages that misbehave", () => {
  const bulky = "x".repeat(200_000);
  const rename = (text: string) => server.garage.put({ id: leaf, name: text, kind: "car" });

  test("a slow page misses what is old, and ends with the newest", async () => {
    const page = await new Page().open();
    page.socket.pause();
    for (let at = 0; at < 200; at++) {
      rename(`${at} ${bulky}`);
      await clock.advance(TICK);
    }
    rename("the newest");
    page.socket.resume();
    while (!JSON.stringify(page.frames.at(-1)).includes("the newest")) await page.next();
    expect(page.of("garage").length).toBeLessThan(150);
  });

  test("a page that never reads is cut off, and the others go on", async () => {
    const stuck = await new Page().open();
    const good = await new Page().open();
    stuck.socket.pause();
    for (let at = 0; at < 200; at++) {
      rename(`${at} ${bulky}`);
      await good.next();
    }
    for (let at = 0; at < 201; at++) await good.next();
    rename("still here");
    expect(await good.next()).toMatchObject([{ vehicles: [{ name: "still here" }] }]);
    const { body } = await system();
    expect(at(body, "data.attributes.live")).toMatchObject({ clients: 1, cutOff: 1 });
  });

  test("a page that does not answer pings is cut off, though nothing waits for it", async () => {
    const page = new Page();
    await once(page.socket, "open");
    page.socket.pause();
    await clock.advance(30_200);
    const { body } = await system();
    expect(at(body, "data.attributes.live")).toMatchObject({ cutOff: 1 });
  });

  test.each([
    ["words", "hello", 1008],
    ["a frame of bytes", Buffer.from([0, 255, 1]), 1008],
    ["JSON with prototype keys", '{"__proto__":{"x":1}}', 1008],
    ["more than any page has to say", "x".repeat(2_000), 1009],
  ])("a page that sends %s is shown out", async (_what, data, code) => {
    const page = await new Page().open();
    page.socket.send(data);
    const [closed] = await once(page.socket, "close");
    expect(closed).toBe(code);
  });

  test("a handshake that breaks off in the middle leaves nothing behind", async () => {
    const page = new Page();
    await once(page.socket, "open");
    page.socket.terminate();
    const next = await new Page().open();
    expect(next.frames[0]).toMatchObject({ type: "garage" });
  });

  test("the 65th page is turned away until another one closes", async () => {
    for (let at = 0; at < 64; at++) await once(new Page().socket, "open");
    expect(await refusal(new Page())).toBe(503);
    pages[0]?.socket.terminate();
    await clock.advance(TICK);
    await expect.poll(async () => at((await system()).body, "data.attributes.live.clients")).toBe(63);
    await once(new Page().socket, "open");
  });

  async function system() {
    const answer = await fetch(`${server.url}/api/system`);
    return { body: await answer.json() };
  }
});

describe("who may listen", () => {
  test.each([["https://evil.example"], ["null"], ["http://127.0.0.1:1"]])("not a page of %s", async (origin) => {
    expect(await refusal(new Page("", { origin }))).toBe(403);
  });

  test("Carport's own page, directly and below ingress", async () => {
    await new Page("", { origin: server.url }).open();
    await new Page("", { origin: "https://home.example", "x-ingress-path": "/api/hassio_ingress/x" }).open();
  });

  test.each([
    ["?vehicle=Not%20an%20id", 404],
    ["?vehicle=__proto__", 404],
    ["?vehicle=a&vehicle=b", 400],
    ["?car=leaf", 400],
  ])("%s is refused", async (query, status) => {
    expect(await refusal(new Page(query))).toBe(status);
  });

  test("a plain request is told that this is for WebSockets", async () => {
    const answer = await fetch(`${server.url}/api/live`);
    expect(answer.status).toBe(426);
    expect(await answer.json()).toMatchObject({ errors: [{ code: "API_NOT_A_WEBSOCKET" }] });
  });
});

test("stopping says goodbye to every page, and does not wait for one that is stuck", async () => {
  const good = await new Page().open();
  const stuck = new Page();
  await once(stuck.socket, "open");
  stuck.socket.pause();
  const closed = once(good.socket, "close");
  const stopped = server.api.stop();
  expect((await closed)[0]).toBe(1001);
  await clock.untilSleeping();
  await clock.advance(500);
  await stopped;
  await expect(fetch(server.url)).rejects.toThrow();
});

async function refusal(page: Page): Promise<number | undefined> {
  const [, response] = await once(page.socket, "unexpected-response");
  return response.statusCode;
}
