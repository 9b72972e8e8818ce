import { expect, test } from "vitest";
import type { OfferedBroker } from "#home-assistant/supervisor.ts";
import { ManualClock } from "../test/manual-clock.ts";
import { silentLog } from "../test/memory-garage.ts";
import { Supervisor, supervisorToken } from "../test/supervisor.ts";
import { chooseBroker, followBroker } from "./broker.ts";

const question = "GET /services/mqtt";
const first = { host: "core-mosquitto", port: 1883, ssl: false, username: "addons", password: "first" };

/** The search at a double of the Supervisor, with what it has offered so far. */
async function search() {
  const supervisor = await Supervisor.open();
  const ended = new AbortController();
  const clock = new ManualClock();
  const offers: OfferedBroker[] = [];
  const link = { connected: false };
  const over = followBroker({
    access: { url: supervisor.url, token: supervisorToken, signal: ended.signal },
    clock,
    log: silentLog,
    connected: () => link.connected,
    offer: (broker) => void offers.push(broker),
  });
  /** Until it has asked `count` times and waits. */
  const asked = async (count: number) => {
    await expect.poll(() => supervisor.count(question), { interval: 2 }).toBe(count);
    await clock.untilSleeping();
  };
  const stop = async () => {
    ended.abort();
    await over;
    await supervisor[Symbol.asyncDispose]();
  };
  return { supervisor, clock, offers, link, asked, [Symbol.asyncDispose]: stop };
}

test("a broker that is installed later is found", async () => {
  await using found = await search();
  await found.asked(1);
  expect(found.offers).toEqual([]);
  found.supervisor.mqtt = first;
  await found.clock.advance(60_000);
  await expect.poll(() => found.offers.map(({ password }) => password)).toEqual(["first"]);
});

test("credentials that changed are taken up once the old ones do not work, and not asked for before", async () => {
  await using found = await search();
  found.supervisor.mqtt = first;
  await found.clock.advance(60_000);
  await expect.poll(() => found.offers.length).toBe(1);
  await found.clock.untilSleeping();
  const before = found.supervisor.count(question);

  found.link.connected = true;
  found.supervisor.mqtt = { ...first, password: "second" };
  await found.clock.advance(3_600_000);
  expect(found.supervisor.count(question)).toBe(before);

  found.link.connected = false;
  await found.clock.advance(30_000);
  await expect.poll(() => found.offers.map(({ password }) => password)).toEqual(["first", "second"]);
});

test("the same broker again is no news", async () => {
  await using found = await search();
  found.supervisor.mqtt = first;
  for (let round = 1; round <= 3; round++) {
    await found.clock.advance(60_000);
    await found.clock.untilSleeping();
  }
  await expect.poll(() => found.supervisor.count(question)).toBeGreaterThan(2);
  expect(found.offers).toHaveLength(1);
});

test("a broker of the owner's own comes before the one that is offered", () => {
  const own = { host: "", port: 1883, tls: false, username: "", password: "", prefix: "c", discoveryPrefix: "h" };
  const offered = { host: "core-mosquitto", port: 1, tls: false, username: "a", password: "b" };
  expect(chooseBroker(own, offered)).toMatchObject({ ...offered, prefix: "c" });
  expect(chooseBroker({ ...own, host: "mine" }, offered).host).toBe("mine");
});
