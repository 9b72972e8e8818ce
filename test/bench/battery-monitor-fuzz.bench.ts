/**
 * A million cases each of what a battery monitor, or anything that looks like one, may send: encrypted garbage, and garbage
 * that decrypts well. Nothing may throw, and no value may come out that a battery cannot have: then this ends with an error.
 */
import { parseAdvert } from "#protocols/leagend/advert.ts";
import { HistoryReader } from "#protocols/leagend/history.ts";
import { BLOCK, encrypt, models } from "#protocols/leagend/model.ts";
import {
  parseLive,
  plausibleCharge,
  plausibleTemperature,
  plausibleVoltage,
  recognise,
} from "#protocols/leagend/reading.ts";
import { seededRandom } from "#simulators/random.ts";
import { report } from "./report.ts";

const CASES = 1_000_000;
const ADDRESS = "50:54:7B:24:30:10";
const random = seededRandom(20_261_121);
const byte = (): number => (random() * 256) | 0;
const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, byte);
const pick = <Item>(items: readonly [Item, ...Item[]]): Item => items[(random() * items.length) | 0] ?? items[0];

type Head = readonly number[];

interface Values {
  readonly voltage?: number;
  readonly stateOfCharge?: number;
  readonly temperature?: number;
  readonly crankVoltage?: number;
}

let values = 0;
function check({ voltage = 12, stateOfCharge = 50, temperature = 20, crankVoltage = 1 }: Values): void {
  values++;
  const good = plausibleVoltage(voltage) && plausibleCharge(stateOfCharge) && plausibleTemperature(temperature);
  if (good && crankVoltage > 0 && crankVoltage <= voltage) return;
  throw new RangeError(`no battery has ${voltage} V, ${stateOfCharge} %, ${temperature} °C, crank ${crankVoltage} V`);
}

function fuzz(name: string, one: () => void): void {
  values = 0;
  const start = performance.now();
  for (let at = 0; at < CASES; at++) one();
  const rate = CASES / ((performance.now() - start) / 1000);
  report({
    name: `${name}: a million cases`,
    value: rate,
    unit: "cases/s",
    note: `${values} gave values, all plausible`,
  });
}

const heads: readonly [Head, ...Head[]] = [
  [],
  [0xd1, 0x55, 0x07],
  [0xd1, 0x55, 0x07, 0x00],
  [0xd1, 0x55, 0x05],
  [0xf5],
  [0xff, 0xfe, 0xfe],
];
function plausibleStart(): Uint8Array {
  const block = bytes(BLOCK);
  block.set(pick(heads));
  return block;
}

fuzz("notifications as they come, encrypted", () => {
  const found = recognise(bytes((random() * 40) | 0));
  if (found?.packet.type === "reading") check(found.packet.reading);
});

fuzz("notifications that decrypt well", () => {
  const packet = parseLive(pick(models), plausibleStart());
  if (packet?.type === "reading") check(packet.reading);
});

fuzz("history blocks that decrypt well", () => {
  const reader = new HistoryReader(pick(models));
  for (let blocks = random() * 4; blocks > 0; blocks--) reader.push(plausibleStart());
  for (const record of reader.result().records) if (record !== undefined) check(record);
});

fuzz("adverts as they come, encrypted", () => {
  const found = parseAdvert((random() * 0x10000) | 0, bytes((random() * 30) | 0), ADDRESS);
  if (found?.type === "reading") check(found.reading);
});

const own = Uint8Array.from(ADDRESS.split(":"), (digits) => Number.parseInt(digits, 16));
fuzz("adverts that decrypt well and name their sender", () => {
  const model = pick(models);
  const plain = bytes(BLOCK);
  plain.set(model === "BM2" ? own.toReversed() : own);
  plain.set([0, 0, 0], 11);
  const block = encrypt(model, plain);
  const found = parseAdvert((block[0] ?? 0) | ((block[1] ?? 0) << 8), block.subarray(2), ADDRESS);
  if (found?.type === "reading") check(found.reading);
});
