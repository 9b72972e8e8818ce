import { describe, expect, it } from "vitest";
import { z } from "zod";
import { deviceId } from "../../../test/fake-drive.ts";
import { busLoad, can0, canDevice, gear, household, leaf, quantity, soc, van } from "../../../test/household.ts";
import { MemoryGarage } from "../../../test/memory-garage.ts";
import { Discovery } from "./discovery.ts";
import { RetainedBoard } from "./retained-board.ts";
import { TopicTree } from "./topics.ts";

const leafPage = "homeassistant/device/carport_vehicle_family-leaf/config";
const canPage = "homeassistant/device/carport_device_can0/config";

const page = z.object({ components: z.record(z.string(), z.looseObject({ platform: z.string() })) });

/** A board whose messages arrive at once. */
function announced(garage: MemoryGarage) {
  const sent: [string, string][] = [];
  const board = new RetainedBoard(() => undefined);
  board.attach(({ topic, payload }, done) => {
    sent.push([topic, payload]);
    done();
  }, 100);
  const discovery = new Discovery(garage, new TopicTree("carport", "homeassistant"), board, "1.2.3");
  const components = (topic: string) => {
    const payload = board.get(topic);
    return payload === undefined ? undefined : page.parse(JSON.parse(payload)).components;
  };
  return { board, discovery, sent, components };
}

const keys = (components: object | undefined) => Object.keys(components ?? {});
const kept = (...components: [string, object][]) =>
  JSON.stringify({ origin: { name: "Carport" }, components: Object.fromEntries(components) });

describe("a component that is no more", () => {
  it("is sent reduced to its platform, then left out", () => {
    const garage = household([soc, gear]);
    const { discovery, components } = announced(garage);
    expect(discovery.refresh()).toBe(false);
    garage.putDevice(canDevice, { signals: [soc] });
    expect(discovery.refresh()).toBe(true);
    expect(components(leafPage)?.["can0-gear"]).toEqual({ platform: "sensor" });
    expect(discovery.refresh()).toBe(false);
    expect(keys(components(leafPage))).toEqual(["state", "last_seen", "can0-soc"]);
  });

  it("is not left out before the broker has the reduced one", () => {
    const garage = household([soc, gear]);
    const { discovery, components, board } = announced(garage);
    discovery.refresh();
    board.detach();
    garage.putDevice(canDevice, { signals: [soc] });
    for (let at = 0; at < 3; at++) expect(discovery.refresh()).toBe(true);
    expect(keys(components(leafPage))).toContain("can0-gear");
    board.attach((_, done) => done(), 100);
    expect(discovery.refresh()).toBe(false);
    expect(keys(components(leafPage))).not.toContain("can0-gear");
  });

  it("goes and comes anew when it changes its platform", () => {
    const garage = household([quantity("plug")]);
    const { discovery, components } = announced(garage);
    discovery.refresh();
    garage.putDevice(canDevice, { signals: [{ ...quantity("plug"), type: "boolean" }] });
    discovery.refresh();
    expect(components(leafPage)?.["can0-plug"]).toEqual({ platform: "sensor" });
    discovery.refresh();
    expect(components(leafPage)?.["can0-plug"]).toMatchObject({ platform: "binary_sensor", name: "plug" });
  });
});

describe("a page", () => {
  it("moves its components when its device goes to another vehicle", () => {
    const garage = household([soc]);
    garage.put({ id: van, name: "Van", kind: "van" });
    garage.putDevice({ ...canDevice, id: deviceId("bm6"), name: "Monitor" }, { signals: [] });
    const { discovery, components } = announced(garage);
    discovery.refresh();
    garage.putDevice({ ...canDevice, vehicle: van });
    discovery.refresh();
    expect(components(leafPage)?.["can0-soc"]).toEqual({ platform: "sensor" });
    const vanPage = "homeassistant/device/carport_vehicle_van/config";
    expect(components(vanPage)?.["can0-soc"]).toMatchObject({ unique_id: "carport_vehicle_van.can0-soc" });
    discovery.refresh();
    expect(keys(components(leafPage))).not.toContain("can0-soc");
  });

  it("is emptied, once, when its device or vehicle is gone", () => {
    const garage = household();
    const { discovery, sent } = announced(garage);
    discovery.refresh();
    const mark = sent.length;
    garage.removeDevice(can0);
    discovery.refresh();
    discovery.refresh();
    expect(sent.slice(mark)).toEqual([
      [leafPage, ""],
      [canPage, ""],
    ]);
  });

  it("is not made for a device that the owner has not taken in, nor for a vehicle without devices", () => {
    const garage = household([soc], { state: "discovered" });
    const { discovery } = announced(garage);
    discovery.refresh();
    expect(discovery.pages).toEqual([]);
  });

  it("of a vehicle comes before those of its devices", () => {
    const { discovery } = announced(household());
    discovery.refresh();
    expect(discovery.pages).toEqual([leafPage, canPage]);
  });
});

describe("what an earlier run left at the broker", () => {
  it("is emptied when its vehicle or device is gone", () => {
    const { discovery, sent } = announced(household());
    const gone = "homeassistant/device/carport_vehicle_old-van/config";
    expect(discovery.adopt(gone, kept(["state", { platform: "sensor" }]))).toBe(true);
    discovery.refresh();
    expect(sent[0]).toEqual([gone, ""]);
  });

  it("keeps the entities of signals that are only not known yet", () => {
    const { discovery, components } = announced(household([]));
    discovery.adopt(
      leafPage,
      kept(["state", { platform: "sensor" }], ["can0-soc", { platform: "sensor", name: "SOC" }]),
    );
    discovery.adopt(canPage, kept(["signal-bus_load", { platform: "sensor" }]));
    expect(discovery.refresh()).toBe(false);
    expect(keys(components(leafPage))).toEqual(["state", "last_seen"]);
  });

  it("loses the entities of a device that has left the vehicle, and of signals that stand elsewhere now", () => {
    const { discovery, components } = announced(household([soc, busLoad]));
    discovery.adopt(leafPage, kept(["bm6-soc", { platform: "sensor" }], ["can0-bus_load", { platform: "sensor" }]));
    discovery.adopt(canPage, kept(["signal-soc", { platform: "sensor" }]));
    discovery.refresh();
    expect(components(leafPage)).toMatchObject({
      "bm6-soc": { platform: "sensor" },
      "can0-bus_load": { platform: "sensor" },
    });
    expect(components(canPage)?.["signal-soc"]).toEqual({ platform: "sensor" });
    discovery.refresh();
    expect(keys(components(leafPage))).toEqual(["state", "last_seen", "can0-soc"]);
  });

  it("is left alone when it is not Carport's or makes no sense", () => {
    const { discovery, sent } = announced(new MemoryGarage());
    const topic = "homeassistant/device/carport_vehicle_x/config";
    const payloads = [
      "",
      "\u0000",
      "{",
      "[]",
      "null",
      JSON.stringify({ origin: { name: "Other" }, components: {} }),
      JSON.stringify({ origin: { name: "Carport" }, components: { a: "b" } }),
    ];
    for (const payload of payloads) expect(discovery.adopt(topic, payload)).toBe(false);
    expect(discovery.adopt("homeassistant/device/other/config", kept())).toBe(false);
    discovery.refresh();
    expect(sent).toEqual([]);
  });

  it("may have keys that mean something to JavaScript", () => {
    const { discovery, components } = announced(household());
    const text = `{"origin":{"name":"Carport"},"components":{"__proto__":{"platform":"sensor"},"constructor":{"platform":"sensor"}}}`;
    expect(discovery.adopt(leafPage, text)).toBe(true);
    discovery.refresh();
    discovery.refresh();
    expect(keys(components(leafPage))).toEqual(["state", "last_seen", "can0-soc", "can0-charging", "can0-gear"]);
  });
});

it("follows a renamed vehicle", () => {
  const garage = household();
  const { discovery, board } = announced(garage);
  discovery.refresh();
  garage.put({ id: leaf, name: 'Leaf <b>"+#/$1 — 葉', kind: "car" });
  discovery.refresh();
  expect(JSON.parse(board.get(leafPage) ?? "")).toMatchObject({ device: { name: 'Leaf <b>"+#/$1 — 葉' } });
});
