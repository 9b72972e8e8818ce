import { cpus, release, totalmem } from "node:os";
import type { DeviceKind } from "#devices/device-kind.ts";
import type { Clock } from "#domain/clock.ts";
import type { Device } from "#domain/device.ts";
import type { CarportError } from "#domain/error.ts";
import type { Garage } from "./garage.ts";
import type { LogTail } from "./log-tail.ts";
import type { Redactor } from "./redactor.ts";
import { redactedSettings } from "./settings/redacted.ts";
import type { Settings } from "./settings/settings.ts";

export interface DiagnosticsSources {
  readonly version: string;
  readonly clock: Clock;
  readonly settings: Pick<Settings, "system" | "vehicles" | "devices" | "overrides" | "problems">;
  readonly kinds: ReadonlyMap<string, DeviceKind>;
  readonly garage: Garage;
  readonly tail: LogTail;
  readonly redactor: Redactor;
  /** What the store, the broker and so on say of themselves. */
  readonly parts: () => Readonly<Record<string, unknown>>;
}

const LOG_LINES = 500;

/**
 * All that helps somebody else to find a fault, as JSON to hand on: no secret, no VIN, no place and no measured value.
 */
export function diagnostics(sources: DiagnosticsSources): string {
  const { version, clock, settings, kinds, garage, tail, redactor, parts } = sources;
  const document = {
    carport: version,
    takenAt: iso(clock.now()),
    machine: {
      node: process.versions.node,
      platform: `${process.platform} ${process.arch} ${release()}`,
      processors: cpus().length,
      memoryBytes: totalmem(),
      residentBytes: process.memoryUsage.rss(),
      uptimeSeconds: Math.round(process.uptime()),
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    },
    settings: redactedSettings(settings, kinds),
    overrides: settings.overrides.map(({ variable }) => variable),
    problems: settings.problems.map(faultOf),
    devices: garage.devices().map((device) => deviceOf(device, garage)),
    parts: parts(),
    log: tail.newest(LOG_LINES).map(({ time, level, text }) => `${iso(time)} ${level} ${text}`),
  };
  // A second sieve: what a schema forgot to declare, and what a device put into a message.
  const text = redactor.json(document);
  return `${JSON.stringify(JSON.parse(text), undefined, 2)}\n`;
}

function deviceOf({ record, status }: Device, garage: Garage) {
  const { serialNumber: _, ...identity } = status.identity;
  const latest = garage.latest(record.id);
  return {
    id: record.id,
    kind: record.kind,
    state: status.state,
    since: iso(status.since),
    lastSeen: status.lastSeen === undefined ? null : iso(status.lastSeen),
    fault: status.fault ?? null,
    identity,
    counters: status.counters,
    signals: status.signals.map(({ key }) => {
      const time = latest.get(key)?.time;
      return { key, newest: time === undefined ? null : iso(time) };
    }),
  };
}

const faultOf = ({ code, message, nextStep }: CarportError) => ({ code, message, nextStep });

const iso = (time: number) => new Date(time).toISOString();
