import { z } from "zod";
import { chemistries } from "#domain/battery-chemistry.ts";
import { models } from "#protocols/leagend/model.ts";

/** How an owner sets up a battery monitor. */
export const batteryMonitorSettings = z.strictObject({
  address: z
    .string()
    .regex(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i, "expected six pairs of hexadecimal digits, 50:54:7B:24:30:10")
    .toUpperCase()
    .describe("Bluetooth address of the monitor, as `carport scan` shows it: 50:54:7B:24:30:10"),
  adapter: z
    .string()
    .min(1)
    .default("auto")
    .describe(
      "Way to Bluetooth: home-assistant (its adapters and proxies), bluez or bluez:hci1, hci:0 (an adapter of Carport's own); auto is home-assistant within Home Assistant and bluez elsewhere",
    ),
  model: z
    .enum(["auto", ...models])
    .default("auto")
    .describe("Which monitor it is; auto finds out by the key that fits, whatever stands on the box"),
  chemistry: z
    .enum(chemistries)
    .default("flooded")
    .describe(
      "Kind of battery, from its label: AGM, gel or LiFePO4; one that says none of these is flooded (also EFB)",
    ),
  voltageOffset: z
    .number()
    .min(-2)
    .max(2)
    .default(0)
    .describe("Volts added to each reading, where a good multimeter shows another voltage than the monitor"),
  temperatureOffset: z
    .number()
    .min(-30)
    .max(30)
    .default(0)
    .describe("Degrees Celsius added to each reading, for a monitor that sits somewhere warm"),
  startTemperature: z
    .number()
    .min(-40)
    .max(50)
    .optional()
    .describe(
      "Degrees Celsius at which the engine must start; without it, the coldest the monitor felt in the last day",
    ),
  pollMinutes: z
    .int()
    .min(1)
    .max(1_440)
    .default(60)
    .describe("Minutes between two connections to the monitor; adverts in between are read as they come"),
  passive: z
    .boolean()
    .default(false)
    .describe(
      "Never connect where adverts tell the voltage (BM6, BM2): the phone app always finds the monitor free, but there is no temperature and no history for the time away",
    ),
});

export type BatteryMonitorSettings = z.infer<typeof batteryMonitorSettings>;
