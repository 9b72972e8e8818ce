import type { LiveFrame } from "#api/contract/live.ts";
import type { LiveGarage } from "./live-garage.ts";

/** The server lets something be heard every 5 s. */
const SILENCE_MS = 12_000;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 5_000;

/** Keeps the garage fed: reconnects by itself, and at once when the network or the tab comes back. */
export class LiveConnection {
  readonly #garage: LiveGarage;
  #socket: WebSocket | undefined;
  #vehicle: string | undefined;
  #timer = 0;
  #retryMs = FIRST_RETRY_MS;

  constructor(garage: LiveGarage) {
    this.#garage = garage;
  }

  start(vehicle: string | undefined): void {
    this.#vehicle = vehicle;
    window.addEventListener("online", this.#hurry);
    document.addEventListener("visibilitychange", this.#hurry);
    this.#connect();
  }

  stop(): void {
    window.removeEventListener("online", this.#hurry);
    document.removeEventListener("visibilitychange", this.#hurry);
    this.#drop();
  }

  /** Undefined: all vehicles. */
  watch(vehicle: string | undefined): void {
    if (vehicle === this.#vehicle) return;
    this.#vehicle = vehicle;
    this.#connect();
  }

  #connect(): void {
    this.#drop();
    const url = new URL("api/live", document.baseURI);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    if (this.#vehicle !== undefined) url.searchParams.set("vehicle", this.#vehicle);
    const socket = new WebSocket(url);
    this.#socket = socket;
    this.#expectWithin(SILENCE_MS);
    socket.onmessage = ({ data }) => {
      this.#expectWithin(SILENCE_MS);
      this.#retryMs = FIRST_RETRY_MS;
      this.#garage.setConnection("open");
      // The frames come from the server that served this page: its word is taken for their shape.
      this.#garage.apply(JSON.parse(String(data)) as LiveFrame);
    };
    socket.onclose = () => this.#retry();
  }

  #expectWithin(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#retry(), ms);
  }

  #retry(): void {
    this.#drop();
    this.#garage.setConnection("lost");
    this.#timer = window.setTimeout(() => this.#connect(), this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS);
  }

  readonly #hurry = (): void => {
    if (document.visibilityState === "visible" && this.#garage.connection === "lost") this.#connect();
  };

  #drop(): void {
    clearTimeout(this.#timer);
    if (!this.#socket) return;
    this.#socket.onmessage = null;
    this.#socket.onclose = null;
    this.#socket.close();
    this.#socket = undefined;
  }
}
