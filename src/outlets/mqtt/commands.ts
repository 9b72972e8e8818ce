import { z } from "zod";
import { CarportError, toCarportError } from "#domain/error.ts";
import { type DeviceId, isDeviceId } from "#domain/ids.ts";
import { deviceActions } from "#hub/device-actions.ts";
import type { GarageOwner } from "#hub/garage.ts";
import { json } from "./json.ts";
import type { CommandPayload, Message, ResponsePayload, TopicTree } from "./topics.ts";

const LONGEST = 4_096;
/** More commands at a time than any automation has; the rest is ignored. */
const MOST_AT_ONCE = 16;
/** A broker may bring the same message twice. */
const MARKS_REMEMBERED = 256;

const commandPayload: z.ZodType<CommandPayload> = z.strictObject({
  command: z.string().max(64),
  id: z.string().max(64).optional(),
});

/** Does what others ask of a device, and answers. */
export class Commands {
  readonly #owner: GarageOwner | undefined;
  readonly #topics: TopicTree;
  readonly #tell: (message: Message) => void;
  readonly #marks = new Set<string>();
  #running = 0;

  /** Without an owner nothing is done. */
  constructor(owner: GarageOwner | undefined, topics: TopicTree, tell: (message: Message) => void) {
    this.#owner = owner;
    this.#topics = topics;
    this.#tell = tell;
  }

  /** False for what makes no sense: it is ignored. A retained command was meant for a moment long ago. */
  take(device: string, text: string, retained: boolean): boolean {
    const command = text.length > LONGEST ? undefined : commandPayload.safeParse(json(text)).data;
    const known = isDeviceId(device) && this.#owner?.device(device) !== undefined;
    if (this.#owner === undefined || retained || !known || command === undefined) return false;
    if (this.#running >= MOST_AT_ONCE || !this.#isFirst(device, command.id)) return false;
    this.#running++;
    void this.#answer(this.#owner, device, command).finally(() => {
      this.#running--;
    });
    return true;
  }

  async #answer(owner: GarageOwner, device: DeviceId, { command, id }: CommandPayload): Promise<void> {
    const response = await this.#run(owner, device, command);
    const payload = { command, ...(id !== undefined && { id }), ...response };
    this.#tell(this.#topics.message("device/<device>/response", { device }, payload));
  }

  async #run(owner: GarageOwner, device: DeviceId, name: string): Promise<Pick<ResponsePayload, "ok" | "error">> {
    const action = deviceActions.get(name);
    try {
      if (action === undefined) throw new CarportError("COMMAND_UNKNOWN", device);
      await action.run(owner, device);
      return { ok: true };
    } catch (thrown) {
      const { code, message, nextStep } = toCarportError(thrown, device);
      return { ok: false, error: { code, message, next_step: nextStep } };
    }
  }

  #isFirst(device: DeviceId, id: string | undefined): boolean {
    if (id === undefined) return true;
    const mark = `${device} ${id}`;
    if (this.#marks.has(mark)) return false;
    this.#marks.add(mark);
    const [oldest] = this.#marks;
    if (this.#marks.size > MARKS_REMEMBERED && oldest !== undefined) this.#marks.delete(oldest);
    return true;
  }
}
