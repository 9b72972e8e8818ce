import { z } from "zod";
import { linkNames } from "#domain/doctor-links.ts";
import { logLevels } from "#hub/log-tail.ts";

/** What the workshop's routes answer, JSON:API 1.1: OpenAPI and the page's types come from here. */

const time = z.iso.datetime();
const fault = z.object({ code: z.string(), message: z.string(), nextStep: z.string() });

export const examination = z
  .object({
    type: z.literal("examinations"),
    id: z.string().describe("Id of the device"),
    attributes: z.object({
      firstBroken: z.enum(linkNames).nullable().describe("What is to be mended first"),
      links: z.array(
        z.object({
          name: z.enum(linkNames),
          state: z
            .enum(["works", "rests", "broken", "unknown"])
            .describe("`rests`: in order, and silent because the car is off or away"),
          seen: z.string(),
          fault: fault.nullable(),
        }),
      ),
    }),
  })
  .meta({ id: "Examination" });
export type ExaminationResource = z.infer<typeof examination>;

export const logEntry = z
  .object({
    type: z.literal("log-entries"),
    id: z.string().describe("Grows by one with each entry since the start"),
    attributes: z.object({ time, level: z.enum(logLevels), text: z.string() }),
  })
  .meta({ id: "LogEntry" });
export type LogEntryResource = z.infer<typeof logEntry>;
