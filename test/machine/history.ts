/**
 * `node test/machine/history.ts DEVICE FROM TO`, in the test machine: asks the Carport that runs there for each signal of
 * a device what it has stored between two times (UTC ms), and prints count, min, max and mean of each, and the device's
 * counters, as JSON.
 */
import { z } from "zod";

const [device = "", from, to] = process.argv.slice(2);
const numbers = z.array(z.number());
const signals = z.object({
  data: z.array(z.object({ attributes: z.object({ key: z.string(), subject: z.string() }) })),
});
const history = z.object({
  data: z.object({
    attributes: z.discriminatedUnion("resolution", [
      z.object({ resolution: z.literal("samples"), values: numbers }),
      z.object({ resolution: z.literal("buckets"), min: numbers, max: numbers, mean: numbers, count: numbers }),
    ]),
  }),
});

const described = z.object({
  data: z.object({ attributes: z.object({ counters: z.record(z.string(), z.number()) }) }),
});

const ask = async (path: string): Promise<unknown> => {
  const response = await fetch(`http://127.0.0.1:8099/api/devices/${device}${path}`);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return await response.json();
};

const span = new URLSearchParams({
  "filter[from]": new Date(Number(from)).toISOString(),
  "filter[to]": new Date(Number(to)).toISOString(),
  maxPoints: "1",
});
const { counters } = described.parse(await ask("")).data.attributes;
const stored: Record<string, object> = {};
for (const { attributes } of signals.parse(await ask("/signals")).data) {
  if (attributes.subject !== "vehicle") continue;
  const asked = history.parse(await ask(`/signals/${attributes.key}/history?${span}`)).data.attributes;
  if (asked.resolution === "buckets") {
    const { count, min, max, mean } = asked;
    stored[attributes.key] = { count: count[0], min: min[0], max: max[0], mean: mean[0] };
  } else if (asked.values.length > 0) {
    const [value] = asked.values;
    stored[attributes.key] = { count: 1, min: value, max: value, mean: value };
  }
}
console.log(JSON.stringify({ counters, signals: stored }));
