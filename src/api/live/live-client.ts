import type { WebSocket } from "ws";
import type { DeviceId, VehicleId } from "#domain/ids.ts";

/** Above this a page gets nothing more until it has read; then only what is newest. */
const SLOW_BYTES = 64 * 1024;
/** A page that stays above it this long has stopped reading. */
const STALLED_MS = 20_000;
/** Browsers answer pings by themselves, even while the page's script is busy. */
const PING_MS = 15_000;

/** One page's socket, and what it has been sent. */
export class LiveClient {
  readonly #socket: WebSocket;
  readonly vehicle: VehicleId | undefined;
  /** Tick of the last garage frame and of the last definitions and values per device; 0: never. */
  garageAt = 0;
  readonly definedAt = new Map<DeviceId, number>();
  readonly valuesAt = new Map<DeviceId, number>();
  #sentAt: number;
  #pingedAt: number;
  #answered = true;
  #slowSince: number | undefined;

  /** `now`: monotonic ms. */
  constructor(socket: WebSocket, vehicle: VehicleId | undefined, now: number) {
    this.#socket = socket;
    this.vehicle = vehicle;
    this.#sentAt = now;
    this.#pingedAt = now;
    socket.on("pong", () => {
      this.#answered = true;
    });
  }

  /** Milliseconds since the last frame. */
  silentFor(now: number): number {
    return now - this.#sentAt;
  }

  send(frame: Buffer, now: number): void {
    this.#sentAt = now;
    this.#socket.send(frame, { binary: false });
  }

  /** May it be sent to? `gone`: it stopped reading or answering, and is to be cut off. */
  condition(now: number): "ready" | "slow" | "gone" {
    if (now - this.#pingedAt >= PING_MS) {
      if (!this.#answered) return "gone";
      this.#answered = false;
      this.#pingedAt = now;
      this.#socket.ping();
    }
    if (this.#socket.bufferedAmount <= SLOW_BYTES) {
      this.#slowSince = undefined;
      return "ready";
    }
    this.#slowSince ??= now;
    return now - this.#slowSince >= STALLED_MS ? "gone" : "slow";
  }

  cut(): void {
    this.#socket.terminate();
  }
}
