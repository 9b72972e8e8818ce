import type { LeafMessage } from "./message.ts";
import { battery } from "./messages/battery.ts";
import { body } from "./messages/body.ts";
import { charging } from "./messages/charging.ts";
import { chassis } from "./messages/chassis.ts";
import { climate } from "./messages/climate.ts";
import { drive } from "./messages/drive.ts";

/** Every broadcast message that is understood, of the EV-CAN and the CAR-CAN. */
export const messages: readonly LeafMessage[] = [...battery, ...charging, ...drive, ...climate, ...chassis, ...body];
