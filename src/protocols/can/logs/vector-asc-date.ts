/** By their first two or three ASCII letters (accented ones come in any encoding), in the languages Windows writes them for Vector's tools. */
const MONTHS: Readonly<Record<string, number>> = {
  ...{ jan: 0, feb: 1, mar: 2, apr: 3, may: 4, jun: 5, jul: 6, aug: 7, sep: 8, oct: 9, nov: 10, dec: 11 },
  ...{ mr: 2, mrz: 2, mai: 4, okt: 9, dez: 11 },
  ...{ fv: 1, avr: 3, ao: 7, dc: 11 },
  ...{ gen: 0, mag: 4, giu: 5, lug: 6, ago: 7, set: 8, ott: 9, dic: 11, ene: 0, abr: 3 },
};
const MONTH_NAMES = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAY_NAMES = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

const DATE =
  /^\s*\S+\s+(?<month>\D\S*)\s+(?<day>\d{1,2})\s+(?<hour>\d{1,2}):(?<minute>\d\d):(?<second>\d\d)(\.(?<fraction>\d+))?\s*(?<half>[ap]m)?\s+(?<year>\d{4})/i;

/** UTC ms of `Sat Nov 21 04:09:09.673 pm 2026`, which has no zone and is taken as UTC; NaN for anything else. */
export function utcFromAscDate(text: string): number {
  const parts = DATE.exec(text)?.groups;
  if (parts === undefined) return Number.NaN;
  const letters = (parts["month"] ?? "").toLowerCase().replace(/[^a-z]/g, "");
  const month = MONTHS[letters.slice(0, 3)] ?? MONTHS[letters.slice(0, 2)];
  if (month === undefined) return Number.NaN;
  let hour = Number(parts["hour"]);
  if (parts["half"] !== undefined) hour = (hour % 12) + (parts["half"].toLowerCase() === "pm" ? 12 : 0);
  const ms = Number(`0.${parts["fraction"] ?? "0"}`) * 1000;
  const minute = Number(parts["minute"]);
  return Date.UTC(Number(parts["year"]), month, Number(parts["day"]), hour, minute, Number(parts["second"]), ms);
}

/** `Tue Nov 14 22:13:20.000 2023` */
export function ascDate(ms: number): string {
  const date = new Date(ms);
  const time = date.toISOString().slice(11, 23);
  const month = MONTH_NAMES[date.getUTCMonth()];
  return `${DAY_NAMES[date.getUTCDay()]} ${month} ${date.getUTCDate()} ${time} ${date.getUTCFullYear()}`;
}
