import { expect, test } from "vitest";
import type { DeviceStatus } from "#domain/device.ts";
import type { LinkName } from "#domain/doctor-links.ts";
import { CarportError, type ErrorCode } from "#domain/error.ts";
import { deviceId, leafSignals, vehicleId } from "../../test/fake-drive.ts";
import { type Evidence, examine, firstBroken } from "./doctor.ts";

const now = Date.UTC(2026, 5, 1, 12);
const signal = (key: string) => {
  const found = leafSignals.find((candidate) => candidate.key === key);
  if (!found) throw new TypeError(key);
  return found;
};
const soc = signal("state_of_charge");
const frames = signal("frames");

/** A Leaf that drives, and everything behind it in order. */
function healthy(status: Partial<DeviceStatus> = {}, enabled = true): Evidence {
  return {
    now,
    device: {
      record: {
        id: deviceId("can0"),
        kind: "leaf-can",
        name: "Leaf CAN",
        vehicle: vehicleId("car"),
        enabled,
        settings: {},
      },
      status: {
        state: "connected",
        since: now - 60_000,
        lastSeen: now - 1_000,
        identity: { manufacturer: "Nissan", model: "Leaf" },
        signals: leafSignals,
        counters: {},
        ...status,
      },
    },
    latest: [{ signal: soc, time: now - 1_000, value: 61 }],
    store: { newest: now - 1_000, fault: undefined },
    broker: { state: "connected" },
    homeAssistant: "online",
  };
}

const fault = (code: ErrorCode) => {
  const { message, nextStep } = new CarportError(code, "can0");
  return { code, message, nextStep };
};
const states = (evidence: Evidence) => examine(evidence).map(({ state }) => state);

test("where all is in order, every link works and says what was seen", () => {
  const links = examine(healthy());
  expect(links.map(({ name, state }) => `${name} ${state}`)).toEqual([
    "adapter works",
    "bus works",
    "source works",
    "carport works",
    "broker works",
    "home-assistant works",
  ]);
  expect(links[2]?.seen).toBe("Nissan Leaf: newest value 1 s ago");
  expect(firstBroken(links)).toBeUndefined();
});

test("a car that is off rests, and nothing is broken", () => {
  const links = examine(healthy({ state: "asleep", since: now - 3 * 3_600_000 }));
  expect(links.slice(1, 3).map(({ state }) => state)).toEqual(["rests", "rests"]);
  expect(links[1]?.seen).toBe("silent since 3 h ago: off or away");
  expect(firstBroken(links)).toBeUndefined();
});

const breaks: readonly [string, Evidence, LinkName, ErrorCode][] = [
  ["switched off by the owner", healthy({ state: "configured" }, false), "adapter", "DEVICE_SWITCHED_OFF"],
  [
    "an interface that is missing",
    { ...healthy({ state: "error" }), adapterFault: new CarportError("CAN_INTERFACE_MISSING", "can0") },
    "adapter",
    "CAN_INTERFACE_MISSING",
  ],
  [
    "an adapter that the device complains about",
    healthy({ state: "error", fault: fault("BLE_ADAPTER_OFF") }),
    "adapter",
    "BLE_ADAPTER_OFF",
  ],
  [
    "a bus with damaged frames",
    healthy({ state: "error", fault: fault("CAN_FRAMES_DAMAGED") }),
    "bus",
    "CAN_FRAMES_DAMAGED",
  ],
  ["a sensor out of reach", healthy({ state: "disconnected", fault: fault("BLE_NOT_FOUND") }), "bus", "BLE_NOT_FOUND"],
  [
    "something else than a monitor",
    healthy({ state: "error", fault: fault("MONITOR_UNKNOWN") }),
    "source",
    "MONITOR_UNKNOWN",
  ],
  ["frames in which nothing is recognised", { ...healthy(), latest: [] }, "source", "SOURCE_NOT_RECOGNISED"],
  [
    "values of the adapter alone",
    { ...healthy(), latest: [{ signal: frames, time: now, value: 7 }] },
    "source",
    "SOURCE_NOT_RECOGNISED",
  ],
  ["a fault of Carport's own", healthy({ state: "error", fault: fault("INTERNAL") }), "carport", "INTERNAL"],
  [
    "a full disk",
    { ...healthy(), store: { newest: now, fault: new CarportError("STORE_DISK_FULL", "series.db") } },
    "carport",
    "STORE_DISK_FULL",
  ],
  ["no broker", { ...healthy(), broker: { state: "off" } }, "broker", "BROKER_NOT_OFFERED"],
  [
    "a broker that is away",
    { ...healthy(), broker: { state: "waiting", fault: fault("MQTT_UNREACHABLE") } },
    "broker",
    "MQTT_UNREACHABLE",
  ],
  ["Home Assistant without MQTT", { ...healthy(), hasMqtt: false }, "home-assistant", "HOME_ASSISTANT_MQTT_MISSING"],
  ["Home Assistant gone", { ...healthy(), homeAssistant: "offline" }, "home-assistant", "HOME_ASSISTANT_LEFT"],
];

test.each(breaks)("%s is found as the first broken link, with its code and next step", (_, evidence, link, code) => {
  const first = firstBroken(examine(evidence));
  expect([first?.name, first?.fault?.code]).toEqual([link, code]);
  expect(first?.fault?.nextStep).not.toBe("");
});

test("of several broken links the first is to be mended first", () => {
  const evidence: Evidence = {
    ...healthy({ state: "error", fault: fault("CAN_INTERFACE_DOWN") }),
    broker: { state: "off" },
  };
  const links = examine(evidence);
  expect(firstBroken(links)?.name).toBe("adapter");
  expect(links.filter(({ state }) => state === "broken").map(({ name }) => name)).toEqual(["adapter", "broker"]);
});

test("what cannot be told now is called unknown, not broken", () => {
  const fresh = { ...healthy({ state: "connecting", since: now, identity: {} }), latest: [] };
  expect(states({ ...fresh, store: { newest: undefined, fault: undefined } })).toEqual([
    "unknown",
    "unknown",
    "unknown",
    "unknown",
    "works",
    "works",
  ]);
  expect(states({ ...healthy({ since: now - 5_000 }), latest: [] })[2]).toBe("unknown");
  const unheard = examine({ ...healthy(), homeAssistant: undefined })[5];
  expect([unheard?.state, unheard?.fault?.code]).toEqual(["unknown", "HOME_ASSISTANT_UNHEARD"]);
  expect(states({ ...healthy(), homeAssistant: undefined, hasMqtt: true })[5]).toBe("works");
  expect(states({ ...healthy(), broker: { state: "connecting" } }).slice(4)).toEqual(["unknown", "unknown"]);
});
