import { expect, test } from "vitest";
import { AttemptLimit } from "./attempt-limit.ts";

const failTen = (limit: AttemptLimit, address: (attempt: number) => string) => {
  for (let attempt = 0; attempt < 10; attempt++) limit.fail(address(attempt), 0);
};

test("an address waits for the rest of its minute after ten failures, others do not", () => {
  const limit = new AttemptLimit();
  failTen(limit, () => "192.168.1.7");
  expect(limit.wait("192.168.1.7", 20_000)).toBe(40_000);
  expect(limit.wait("192.168.1.7", 60_000)).toBe(0);
  expect(limit.wait("192.168.1.8", 20_000)).toBe(0);
  expect(limit.fail("192.168.1.7", 60_000)).toBe(1);
});

test("a machine gains nothing by changing its IPv6 address within its network", () => {
  const limit = new AttemptLimit();
  failTen(limit, (attempt) => `2001:db8:0:1::${attempt + 1}`);
  expect(limit.wait("2001:db8:0:1:aaaa:bbbb:cccc:dddd", 1)).toBeGreaterThan(0);
  expect(limit.wait("2001:db8:0:2::1", 1)).toBe(0);
});

test("a thousand addresses are kept in mind, and the oldest is forgotten first", () => {
  const limit = new AttemptLimit();
  failTen(limit, () => "192.168.1.7");
  for (let address = 0; address < 999; address++) limit.fail(`10.0.${address >> 8}.${address & 255}`, 1);
  expect(limit.wait("192.168.1.7", 2)).toBeGreaterThan(0);
  limit.fail("10.1.0.0", 1);
  expect(limit.wait("192.168.1.7", 2)).toBe(0);
});
