import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { LiveGarage } from "./live-garage.ts";

/** Ages grow while nothing arrives. */
const AGE_MS = 1_000;

/** Redraws its host when the garage changes, at most once per picture, and every second for the ages. */
export class GarageController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #garage: LiveGarage;
  #picture = 0;
  #timer = 0;

  constructor(host: ReactiveControllerHost, garage: LiveGarage) {
    this.#host = host;
    this.#garage = garage;
    host.addController(this);
  }

  hostConnected(): void {
    this.#garage.addEventListener("change", this.#redraw);
    this.#timer = window.setInterval(this.#redraw, AGE_MS);
  }

  hostDisconnected(): void {
    this.#garage.removeEventListener("change", this.#redraw);
    clearInterval(this.#timer);
    cancelAnimationFrame(this.#picture);
    this.#picture = 0;
  }

  readonly #redraw = (): void => {
    this.#picture ||= requestAnimationFrame(() => {
      this.#picture = 0;
      this.#host.requestUpdate();
    });
  };
}
