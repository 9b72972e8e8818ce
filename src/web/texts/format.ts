import type { Reading } from "../live/reading.ts";
import { locale } from "./locale.ts";
import { text } from "./text.ts";

const formats = new Map<number, Intl.NumberFormat>();

/** With as many decimals as are worth showing: figures keep their place while they change. */
export function formatNumber(value: number, precision: number): string {
  let format = formats.get(precision);
  if (!format) {
    format = new Intl.NumberFormat(locale, { minimumFractionDigits: precision, maximumFractionDigits: precision });
    formats.set(precision, format);
  }
  // No "-0": a current that rests at zero has no direction.
  const rounded = Number(value.toFixed(precision));
  return format.format(rounded === 0 ? 0 : rounded).replace("-", "\u2212");
}

/** Value without its unit; a dash for what is not known. */
export function formatValue(reading: Reading | undefined): string {
  if (reading?.value === undefined) return text("value.none");
  const { signal, value } = reading;
  switch (signal.type) {
    case "number":
      return formatNumber(value, signal.precision ?? 0);
    case "boolean":
      return text(value === 0 ? "value.off" : "value.on");
    case "enum":
      return capitalised(signal.states?.[value]) ?? text("value.none");
  }
}

const capitalised = (word: string | undefined): string | undefined =>
  word === undefined ? undefined : word.charAt(0).toUpperCase() + word.slice(1);

/** Non-breaking, so that figure and unit stay together. */
export function formatWithUnit(reading: Reading | undefined): string {
  const unit = reading?.signal.unit;
  const value = formatValue(reading);
  return !unit || reading?.value === undefined ? value : `${value}\u00a0${unit}`;
}

/** `time` and `now`: UTC in ms by the same clock. */
export function formatAge(time: number | undefined, now: number): string {
  if (time === undefined) return text("age.never");
  const seconds = Math.max(0, (now - time) / 1000);
  if (seconds < 5) return text("age.now");
  if (seconds < 60) return text("age.seconds", { n: Math.floor(seconds) });
  if (seconds < 3_600) return text("age.minutes", { n: Math.floor(seconds / 60) });
  if (seconds < 172_800) return text("age.hours", { n: Math.floor(seconds / 3_600) });
  return text("age.days", { n: Math.floor(seconds / 86_400) });
}

const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" });

/** Time of day within the last day, date and time before. */
export function formatTime(time: number, now: number): string {
  const at = clock.format(time);
  return now - time < 86_400_000 ? at : `${day.format(time)}, ${at}`;
}

const byteSteps = ["B", "kB", "MB", "GB", "TB"] as const;

/** Decimal multiples, as on the package of an SD card. */
export function formatBytes(bytes: number): string {
  const step = bytes < 1000 ? 0 : Math.min(byteSteps.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** step;
  return `${formatNumber(value, step > 0 && value < 100 ? 1 : 0)}\u00a0${byteSteps[step]}`;
}
