import type uPlot from "uplot";
import type { SignalDefinition } from "#api/contract/signal.ts";
import { formatNumber } from "../texts/format.ts";
import { locale } from "../texts/locale.ts";
import { valueRange } from "./value-range.ts";

/** Colours as the canvas needs them: resolved. */
export interface PlotColours {
  readonly line: string;
  readonly area: string;
  readonly grid: string;
  readonly text: string;
}

/** In CSS pixels. */
export const plotHeight = 232;
const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
const clockWithSeconds = new Intl.DateTimeFormat(locale, { timeStyle: "medium" });
const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" });
const month = new Intl.DateTimeFormat(locale, { month: "short", year: "2-digit" });
const DAY_S = 86_400;

/** What the axis says at a time, where its marks are `step` seconds apart: no more than tells them apart. */
export function timeMark(seconds: number, step: number): string {
  const time = seconds * 1000;
  if (step >= 28 * DAY_S) return month.format(time);
  const date = new Date(time);
  if (step >= DAY_S || (date.getHours() === 0 && date.getMinutes() === 0 && step >= 60)) return day.format(time);
  return (step < 60 ? clockWithSeconds : clock).format(time);
}

/**
 * Options of a plot of one signal: its mean as a line, with the band between lowest and highest.
 * `pointed` is told the index under the pointer, or null; `chosen` the time drawn over with it, UTC in seconds.
 */
export function plotOptions(
  signal: SignalDefinition,
  width: number,
  colours: PlotColours,
  pointed: (index: number | null) => void,
  chosen: (from: number, to: number) => void,
): uPlot.Options {
  const axis = { stroke: colours.text, font: "12px system-ui, sans-serif", ticks: { show: false } };
  return {
    width,
    height: plotHeight,
    padding: [12, 26, 0, 0],
    legend: { show: false },
    cursor: {
      drag: { x: true, y: false, setScale: false, dist: 8 },
      y: false,
      points: { size: 8, fill: colours.line },
    },
    hooks: {
      setCursor: [({ cursor }) => pointed(cursor.idx ?? null)],
      setSelect: [
        (plot) => {
          const { left, width: across } = plot.select;
          if (across > 0) chosen(plot.posToVal(left, "x"), plot.posToVal(left + across, "x"));
        },
      ],
    },
    scales: { y: { range: (_plot, low, high) => valueRange(signal, low, high) } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 26,
        space: 92,
        values: (_plot, splits, _axis, _space, step) => splits.map((seconds) => timeMark(seconds, step)),
      },
      {
        ...axis,
        grid: { stroke: colours.grid, width: 1 },
        size: 46,
        space: 44,
        values: (_plot, splits, _axis, _space, step) => splits.map((value) => formatNumber(value, decimalsOf(step))),
      },
    ],
    series: [
      {},
      { stroke: colours.line, width: 2, fill: colours.area, points: { size: 5, fill: colours.line } },
      { points: { show: false } },
      { points: { show: false } },
    ],
    bands: [{ series: [3, 2], fill: colours.area }],
  };
}

const decimalsOf = (step: number): number => (step >= 1 ? 0 : Math.min(3, Math.ceil(-Math.log10(step))));
