import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { expect, it } from "vitest";
import { homeAssistantPaths, qualityOfService, TopicTree } from "./topics.ts";

const topics = new TopicTree("carport", "homeassistant");
const id = fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,63}$/);

it("takes every topic apart that it has put together, under any prefix", () => {
  const prefix = fc.stringMatching(/^[^+#/\s][^+#\s]{0,20}$/);
  fc.assert(
    fc.property(prefix, id, id, (root, device, signal) => {
      const tree = new TopicTree(root, "homeassistant");
      const topic = tree.topic("device/<device>/signal/<signal>", { device, signal });
      expect(tree.parse(topic)).toEqual({ path: "device/<device>/signal/<signal>", names: { device, signal } });
    }),
  );
});

it("knows none of the topics that others use below its prefix", () => {
  for (const topic of ["carport/other", "carport/device/can0", "carport/device/can0/state/x", "carports/status", "x"]) {
    expect(topics.parse(topic)).toBeUndefined();
  }
});

it("finds whose page a discovery topic describes", () => {
  fc.assert(
    fc.property(fc.constantFrom("vehicle" as const, "device" as const), id, (subject, name) => {
      const topic = topics.discovery(topics.discoveryId(subject, name));
      expect(topics.parseDiscovery(topic)).toEqual({ subject, id: name });
    }),
  );
  expect(topics.parseDiscovery("homeassistant/device/zigbee2mqtt_0x00/config")).toBeUndefined();
});

it("gives Home Assistant only discovery ids that it accepts, whatever the prefix", () => {
  const tree = new TopicTree("garage/süd $1", "homeassistant");
  expect(tree.discoveryId("vehicle", "leaf")).toMatch(/^[a-zA-Z0-9_-]+$/);
});

it("is documented topic by topic, with its quality of service", async () => {
  const text = await readFile(new URL("../../../docs/mqtt.md", import.meta.url), "utf8");
  for (const [path, qos] of Object.entries(qualityOfService)) {
    const row = text.split("\n").find((line) => line.startsWith(`| \`carport/${path}\` |`));
    expect(row, path).toMatch(new RegExp(`\\| ${qos} \\|`));
  }
  for (const path of Object.values(homeAssistantPaths)) expect(text).toContain(`\`homeassistant/${path}\``);
});
