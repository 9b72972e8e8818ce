import type uPlot from "uplot";
import type { SignalDefinition } from "#api/contract/signal.ts";
import { formatNumber } from "../texts/format.ts";
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
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const clockWithSeconds = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

/**
 * Options of a plot of one signal: its mean as a line, with the band between lowest and highest.
 * `pointed` is told the index under the pointer, or null.
 */
export function plotOptions(
  signal: SignalDefinition,
  width: number,
  colours: PlotColours,
  pointed: (index: number | null) => void,
): uPlot.Options {
  const axis = { stroke: colours.text, font: "12px system-ui, sans-serif", ticks: { show: false } };
  return {
    width,
    height: plotHeight,
    padding: [12, 26, 0, 0],
    legend: { show: false },
    cursor: {
      drag: { x: false, y: false },
      y: false,
      points: { size: 8, fill: colours.line },
    },
    hooks: { setCursor: [({ cursor }) => pointed(cursor.idx ?? null)] },
    scales: { y: { range: (_plot, low, high) => valueRange(signal, low, high) } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 26,
        space: 92,
        values: (_plot, splits, _axis, _space, step) =>
          splits.map((seconds) => (step < 60 ? clockWithSeconds : clock).format(seconds * 1000)),
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
