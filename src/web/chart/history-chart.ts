import { css, html, LitElement, type PropertyValues, type TemplateResult, unsafeCSS } from "lit";
import uPlot from "uplot";
import plotCss from "uplot/dist/uPlot.min.css";
import type { LiveGarage } from "../live/live-garage.ts";
import type { Reading } from "../live/reading.ts";
import { type IconName, icon } from "../look/icons.ts";
import { shared } from "../look/shared-styles.ts";
import { formatWithUnit } from "../texts/format.ts";
import { locale } from "../texts/locale.ts";
import { type TextKey, text } from "../texts/text.ts";
import { Curve } from "./curve.ts";
import { loadHistory } from "./load-history.ts";
import { type PlotColours, plotHeight, plotOptions } from "./plot.ts";
import { closer, earlier, farther, later, type Span } from "./span.ts";

const HISTORY_POINTS = 600;
/** Often enough for a line that moves a pixel every few seconds. */
const REDRAW_MS = 250;
const LEAST_SPAN_S = 60;
const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const dayAndClock = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });

type Stage = "loading" | "ready" | "failed";

/** One signal over time: its history from the API at the resolution the width can show, then what comes live. */
export class HistoryChart extends LitElement {
  static override properties = {
    garage: { attribute: false },
    vehicle: {},
    reading: { attribute: false },
    resting: { type: Boolean },
    minutes: { type: Number },
    chosen: { state: true },
    stage: { state: true },
    pointed: { state: true },
  };
  declare garage: LiveGarage;
  declare vehicle: string;
  /** Of the signal to show; its value is the newest one. */
  declare reading: Reading;
  /** Nothing new comes: the time shown ends with the newest value. */
  declare resting: boolean;
  declare minutes: number;
  /** The part that is looked at closely; undefined: the last minutes, as they go on. */
  declare chosen: Span | undefined;
  declare stage: Stage;
  /** Point under the pointer. */
  declare pointed: number | null;

  #curve = new Curve(0);
  #plot: uPlot | undefined;
  #loading = new AbortController();
  #detached = new AbortController();
  #loaded = "";
  #drawnAt = 0;
  readonly #resized = new ResizeObserver(() => this.#plot?.setSize({ width: this.#width(), height: plotHeight }));

  static override styles = [
    unsafeCSS(plotCss),
    shared,
    css`
      .readout {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0 8px;
        min-height: 28px;
        font-variant-numeric: tabular-nums;
      }
      .readout .number {
        font-size: 1.25rem;
        font-weight: 600;
      }
      .ways {
        display: flex;
        gap: 2px;
        margin-left: auto;
        align-self: center;
      }
      .ways button {
        display: grid;
        place-items: center;
        min-width: 36px;
        min-height: 36px;
        padding: 0 8px;
        border: 0;
        border-radius: 8px;
        background: none;
        color: var(--quiet);
        font: inherit;
        cursor: pointer;
      }
      .ways button:hover:enabled {
        background: var(--sunken);
      }
      .ways button:disabled {
        opacity: 0.35;
        cursor: default;
      }
      .ways .back {
        color: var(--accent);
        font-size: 0.8125rem;
      }
      .plot {
        position: relative;
        height: ${plotHeight}px;
        margin: 0 -18px 0 -6px;
      }
      .note {
        position: absolute;
        inset: 0 0 30px 46px;
        display: grid;
        place-items: center;
        text-align: center;
        pointer-events: none;
      }
      .u-hz .u-cursor-x {
        border-color: var(--quiet);
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.stage = "loading";
    this.pointed = null;
    this.#detached = new AbortController();
    const { signal } = this.#detached;
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", this.#rebuild, { signal });
    window.addEventListener("carport-theme", this.#rebuild, { signal });
    this.#resized.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#detached.abort();
    this.#loading.abort();
    this.#resized.disconnect();
    this.#plot?.destroy();
    this.#plot = undefined;
    this.#loaded = "";
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("minutes")) this.chosen = undefined;
  }

  override updated(changed: PropertyValues<this>): void {
    const { device, signal } = this.reading;
    const { from, to } = this.chosen ?? {};
    const wanted = [this.vehicle, device, signal.key, this.minutes, from, to, this.garage.connections].join();
    if (wanted !== this.#loaded) {
      this.#loaded = wanted;
      void this.#load();
    }
    if (changed.has("reading") && !this.chosen) {
      const { time, value } = this.reading;
      if (time !== undefined) this.#curve.add(time, value);
      this.#draw();
    }
  }

  override render(): TemplateResult {
    const { times, values } = this.#curve;
    const at = this.pointed;
    const value = at === null ? this.reading.value : (values[at] ?? undefined);
    const seconds = at === null ? undefined : times[at];
    const shown = formatWithUnit({ ...this.reading, value });
    const note = this.#note();
    return html`
      <div class="readout">
        <span class="number">${shown}</span>
        <span class="quiet small">
          ${seconds === undefined ? this.reading.signal.name : this.#timeFormat().format(seconds * 1000)}
        </span>
        ${this.#ways()}
      </div>
      <div class="plot" role="img" aria-label=${text("chart.summary", { name: this.reading.signal.name, value: shown })}>
        ${note === undefined ? "" : html`<p class="note quiet">${text(note)}</p>`}
      </div>
    `;
  }

  /** Around in time without a pointer; with one, drawing over a part looks closer at it. */
  #ways(): TemplateResult {
    const way = (name: IconName, label: TextKey, move: (span: Span) => Span, off = false) => html`<button
      title=${text(label)}
      aria-label=${text(label)}
      ?disabled=${off}
      @click=${() => this.#look(move(this.#span()))}
    >
      ${icon(name)}
    </button>`;
    return html`<span class="ways">
      ${this.chosen ? html`<button class="back small" @click=${() => this.#look(undefined)}>${text("chart.zoom.back")}</button>` : ""}
      ${way("back", "chart.earlier", earlier)} ${way("chevron", "chart.later", later, !this.chosen)}
      ${way("farther", "chart.farther", farther)} ${way("closer", "chart.closer", closer)}
    </span>`;
  }

  /** What reaches the present goes on with it. */
  #look(span: Span | undefined): void {
    const now = this.#now();
    const whole = span && span.to >= now && span.to - span.from >= this.minutes * 60_000;
    this.chosen = span && !whole ? { from: span.from, to: Math.min(span.to, now) } : undefined;
  }

  #timeFormat(): Intl.DateTimeFormat {
    const { from, to } = this.#span();
    return to - from > 12 * 3_600_000 ? dayAndClock : clock;
  }

  #note(): TextKey | undefined {
    if (this.stage === "failed") return "chart.failed";
    if (this.#curve.times.length > 0) return undefined;
    return this.stage === "loading" ? "chart.loading" : "chart.empty";
  }

  async #load(): Promise<void> {
    this.#loading.abort();
    this.#loading = new AbortController();
    const { signal: aborted } = this.#loading;
    const { device, signal } = this.reading;
    const { from, to } = this.#span();
    // Live points stand as close as the history's: hours of them are drawn as quickly as minutes.
    const spacing = (to - from) / HISTORY_POINTS;
    this.#curve = new Curve(spacing);
    this.stage = "loading";
    this.pointed = null;
    this.#rebuild();
    const request = { device, signal: signal.key, vehicle: this.vehicle, from, to, maxPoints: HISTORY_POINTS };
    try {
      const history = await loadHistory(request, aborted);
      const whole = new Curve(spacing);
      whole.load(history);
      whole.append(this.#curve);
      this.#curve = whole;
      this.stage = "ready";
      this.#drawnAt = 0;
      this.#draw();
    } catch {
      if (!aborted.aborted) this.stage = "failed";
    }
  }

  #draw(): void {
    const now = performance.now();
    if (!this.#plot || now - this.#drawnAt < REDRAW_MS) return;
    this.#drawnAt = now;
    const { from, to } = this.#span();
    const asked = from / 1000;
    const end = to / 1000;
    if (!this.chosen) this.#curve.trim(asked);
    // What began a minute ago fills the width, rather than a sliver at its end.
    const first = this.chosen ? asked : Math.min(this.#curve.times[0] ?? asked, end - LEAST_SPAN_S);
    const start = Math.max(asked, first);
    this.#plot.setData(this.#curve.data, false);
    this.#plot.setScale("x", { min: start, max: end });
  }

  readonly #rebuild = (): void => {
    this.#plot?.destroy();
    const place = this.renderRoot.querySelector<HTMLElement>(".plot");
    if (!place) return;
    const options = plotOptions(
      this.reading.signal,
      this.#width(),
      coloursOf(place),
      (index) => {
        this.pointed = index;
      },
      (from, to) => this.#look({ from: from * 1000, to: to * 1000 }),
    );
    this.#plot = new uPlot(options, this.#curve.data, place);
    this.#drawnAt = 0;
    this.#draw();
  };

  #span(): Span {
    const to = this.#now();
    return this.chosen ?? { from: to - this.minutes * 60_000, to };
  }

  /** UTC, ms: where the time shown ends by itself. */
  #now(): number {
    return (this.resting ? this.reading.time : undefined) ?? this.garage.now();
  }

  #width(): number {
    return this.renderRoot.querySelector(".plot")?.clientWidth ?? 0;
  }
}

/** A canvas knows no variables: the theme's colours as they come out at `place`. */
function coloursOf(place: HTMLElement): PlotColours {
  const probe = document.createElement("span");
  place.append(probe);
  const resolve = (colour: string) => {
    probe.style.color = colour;
    return getComputedStyle(probe).color;
  };
  const colours = {
    line: resolve("var(--accent)"),
    area: resolve("color-mix(in srgb, var(--accent) 14%, transparent)"),
    grid: resolve("var(--line)"),
    text: resolve("var(--quiet)"),
  };
  probe.remove();
  return colours;
}

customElements.define("history-chart", HistoryChart);
