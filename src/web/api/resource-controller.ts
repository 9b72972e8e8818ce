import type { ReactiveController, ReactiveControllerHost } from "lit";
import { RequestFailed } from "./request.ts";

/** Loads something for its host, and again every `everyMs` while the page is looked at. Keeps the last one meanwhile. */
export class ResourceController<Value> implements ReactiveController {
  value: Value | undefined;
  /** Of the last attempt. */
  fault: RequestFailed | undefined;
  readonly #host: ReactiveControllerHost;
  readonly #load: (abort: AbortSignal) => Promise<Value>;
  readonly #everyMs: number | undefined;
  #abort = new AbortController();
  #timer = 0;

  constructor(host: ReactiveControllerHost, load: (abort: AbortSignal) => Promise<Value>, everyMs?: number) {
    this.#host = host;
    this.#load = load;
    this.#everyMs = everyMs;
    host.addController(this);
  }

  hostConnected(): void {
    void this.reload();
  }

  hostDisconnected(): void {
    this.#abort.abort();
    clearTimeout(this.#timer);
  }

  /** Settles when the new value is there, or the attempt has failed. */
  async reload(): Promise<void> {
    this.#abort.abort();
    clearTimeout(this.#timer);
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    try {
      if (document.visibilityState === "visible" || this.value === undefined) {
        const value = await this.#load(signal);
        if (signal.aborted) return;
        this.value = value;
        this.fault = undefined;
      }
    } catch (error) {
      if (signal.aborted) return;
      this.fault = error instanceof RequestFailed ? error : new RequestFailed([], error);
    }
    if (this.#everyMs !== undefined) this.#timer = window.setTimeout(() => void this.reload(), this.#everyMs);
    this.#host.requestUpdate();
  }
}
