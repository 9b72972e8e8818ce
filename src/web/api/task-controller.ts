import type { ReactiveController, ReactiveControllerHost } from "lit";
import { RequestFailed } from "./request.ts";

/** Something the owner has asked for: one at a time, and what became of it. */
export class TaskController implements ReactiveController {
  busy = false;
  /** Of the last one. */
  fault: RequestFailed | undefined;
  readonly #host: ReactiveControllerHost;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.fault = undefined;
  }

  /** Resolves with whether it is done. */
  async run(work: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.#host.requestUpdate();
    try {
      await work();
      this.fault = undefined;
      return true;
    } catch (error) {
      this.fault = error instanceof RequestFailed ? error : new RequestFailed([], error);
      return false;
    } finally {
      this.busy = false;
      this.#host.requestUpdate();
    }
  }
}
