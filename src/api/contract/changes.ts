import { z } from "zod";

/** Who changed what through the API, without the values. */
export const change = z
  .object({
    time: z.iso.datetime(),
    who: z.string().describe("`Anna (Home Assistant)`"),
    user: z.string().optional().describe("Id of the user in Home Assistant"),
    method: z.string(),
    path: z.string(),
    fields: z.array(z.string()).describe("Names of what was sent: `settings.password`"),
  })
  .meta({ id: "Change" });
export type Change = z.infer<typeof change>;

export const changeResource = z
  .object({ type: z.literal("changes"), id: z.string(), attributes: change })
  .meta({ id: "ChangeResource" });
