/** One CAN frame (ISO 11898-1), as received or sent. All fields always present: hot paths like one shape. */
export interface CanFrame {
  /** UTC in ms; the fraction carries the microseconds. */
  readonly time: number;
  /** 11 or 29 bits, without flag bits. */
  readonly id: number;
  readonly extended: boolean;
  readonly type: "data" | "remote" | "error";
  /** CAN FD (up to 64 data bytes). */
  readonly fd: boolean;
  readonly direction: "rx" | "tx";
  /** Interface or bus number as its source names it: `can0`, `1`. */
  readonly channel: string;
  /** Empty for a remote frame, whose requested length is `length`. */
  readonly data: Uint8Array;
  /** Data length in bytes. Equals `data.length` except for remote frames. */
  readonly length: number;
}

/** What a bus knows of its own losses. Totals since it was opened. */
export interface CanCounters {
  readonly received: number;
  /** Frames the kernel threw away because nobody fetched them in time, as far as it tells. */
  readonly dropped: number;
  readonly errorFrames: number;
}

/** An open bus: SocketCAN, a replayed recording and the simulator's wire are the same to a device. */
export interface CanBus {
  readonly name: string;
  /** Frames in arrival order, a few milliseconds' worth at a time. Ends when the bus is closed or the recording is over; throws a CarportError when the interface is lost. */
  readonly frames: AsyncIterable<readonly CanFrame[]>;
  readonly counters: CanCounters;
  /** Absent where the bus cannot or must not be written to. */
  readonly send?: (frame: Pick<CanFrame, "id" | "extended" | "data">) => void;
  close(): Promise<void>;
}
