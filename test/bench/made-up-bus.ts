import type { CanFrame } from "#domain/can-frame.ts";
import { dataFrame } from "#protocols/can/frame.ts";
import type { DbcNetwork } from "#protocols/dbc/network.ts";
import { seededRandom } from "#simulators/random.ts";

const MESSAGES = 29;
const SIGNALS = 190;
const SCALES = ["(1,0)", "(0.1,0)", "(0.5,-40)", "(0.005,0)", "(-0.01,1310)", "(4,0)"];
const LENGTHS = [1, 1, 2, 3, 4, 6, 7, 8, 8, 10, 11, 12, 13, 16];

/**
 * A DBC file the size of the Leaf's EV-CAN: 29 messages of 8 bytes with 190 signals of 1 to 16 bits, both byte orders, signed
 * and not. Always the same.
 */
export function madeUpDbc(): string {
  const random = seededRandom(29_190);
  const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(random() * items.length)];
  const lines: string[] = [];
  for (let message = 0; message < MESSAGES; message++) {
    lines.push(`BO_ ${256 + 16 * message} Message${message}: 8 Car`);
    const taken = new Set<number>();
    const signals = Math.floor((SIGNALS * (message + 1)) / MESSAGES) - Math.floor((SIGNALS * message) / MESSAGES);
    for (let signal = 0; signal < signals; ) {
      const length = pick(LENGTHS) ?? 1;
      const start = Math.floor(random() * 64);
      const big = random() < 0.6;
      const bits = placesOf(start, length, big);
      if (bits.some((bit) => bit > 63 || taken.has(bit))) continue;
      for (const bit of bits) taken.add(bit);
      const sign = random() < 0.2 ? "-" : "+";
      lines.push(
        ` SG_ S${message}_${signal++} : ${start}|${length}@${big ? 0 : 1}${sign} ${pick(SCALES)} [0|0] "" Car`,
      );
    }
  }
  return `${lines.join("\n")}\n`;
}

/** The bits of a signal, as DBC files number them. */
function placesOf(start: number, length: number, big: boolean): number[] {
  return Array.from({ length }, (_, i) => (big ? ((start ^ 7) + i) ^ 7 : start + i));
}

/** Frames of all messages of a network in turn, with random data, one each 0.25 ms. */
export function randomFrames({ messages }: DbcNetwork, count: number): CanFrame[] {
  const random = seededRandom(count);
  const frames: CanFrame[] = [];
  for (let i = 0; i < count; i++) {
    const message = messages[i % messages.length];
    if (message === undefined) break;
    const data = Uint8Array.from({ length: message.length }, () => random() * 256);
    frames.push(dataFrame(1_700_000_000_000 + i / 4, message.id, message.extended, false, "rx", "can0", data));
  }
  return frames;
}
