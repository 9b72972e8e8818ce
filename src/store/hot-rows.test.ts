import { expect, test } from "vitest";
import { HotRows } from "./hot-rows.ts";

const MEGABYTE = 1024 * 1024;
const row = (id: number, megabytes: number) => ({
  id,
  series: [],
  data: new Uint8Array(megabytes * MEGABYTE),
  count: megabytes * 1000,
  from: 0,
  to: 0,
  since: 0,
});

test("of the rows that wait for the disk the oldest are let go beyond 32 MB, and their samples counted", () => {
  const rows = new HotRows();
  const sizes = [1, 12, 12, 6, 9];
  for (const megabytes of sizes) rows.add(row(0, megabytes));
  expect(rows.waiting.map(({ data }) => data.length / MEGABYTE)).toEqual([12, 6, 9]);
  expect(rows.dropped).toBe(13_000);
  expect(rows.waitingSamples).toBe(27_000);
});

test("rows that are on the disk already are kept, whatever waits", () => {
  const rows = new HotRows();
  rows.add(row(1, 20));
  for (let i = 0; i < 4; i++) rows.add(row(0, 20));
  expect(rows.all.map(({ id }) => id)).toEqual([1, 0]);
  expect(rows.dropped).toBe(60_000);
});
