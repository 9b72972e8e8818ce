import { css, html, LitElement, type TemplateResult } from "lit";
import type { LiveGarage } from "../live/live-garage.ts";
import type { Reading } from "../live/reading.ts";
import { shared } from "../look/shared-styles.ts";
import { text } from "../texts/text.ts";
import type { VehicleView } from "./vehicle-view.ts";

const spans = [15, 60, 360, 1_440, 10_080, 43_200, 525_600] as const;
const first = ["power", "charge", "speed"] as const;

/** Which signal and which time the chart shows. The chart itself comes in a file of its own, after the first values. */
export class ChartCard extends LitElement {
  static override properties = {
    garage: { attribute: false },
    vehicle: {},
    view: { attribute: false },
    readings: { attribute: false },
    chosen: { attribute: false },
    resting: { attribute: false },
    minutes: { state: true },
  };
  declare garage: LiveGarage;
  declare vehicle: string;
  declare view: VehicleView;
  declare readings: readonly Reading[];
  /** Id of the signal to show, as `idOf` makes it; undefined: the first there is. */
  declare chosen: string | undefined;
  declare resting: boolean;
  declare minutes: number;

  static override styles = [
    shared,
    css`
      .card {
        padding: 16px 20px;
        overflow: hidden;
      }
      fieldset[hidden] {
        display: none;
      }
      .signals {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        margin-bottom: 12px;
      }
      fieldset {
        display: flex;
        min-width: 0;
        margin: 0;
        padding: 3px;
        border: 0;
        border-radius: 10px;
        background: var(--sunken);
      }
      .spans {
        justify-content: space-between;
        max-width: 30rem;
        margin: 8px auto 0;
      }
      label {
        position: relative;
        display: grid;
        place-items: center;
        min-height: 34px;
        padding: 0 8px;
        border-radius: 8px;
        color: var(--quiet);
        font-size: 0.875rem;
        white-space: nowrap;
        cursor: pointer;
      }
      .spans label {
        flex: 1 1 auto;
        padding: 0 5px;
      }
      label:has(:checked) {
        background: var(--surface);
        color: var(--text);
        font-weight: 500;
        box-shadow: var(--shadow);
      }
      label:has(:focus-visible) {
        outline: 2px solid var(--accent);
      }
      input {
        position: absolute;
        inset: 0;
        margin: 0;
        opacity: 0;
        cursor: pointer;
      }
      select {
        flex: 1 1 5rem;
        min-width: 0;
        max-width: 11rem;
        min-height: 40px;
        margin-left: auto;
        padding: 0 10px;
        border: 0;
        border-radius: 10px;
        background: var(--sunken);
        color: var(--quiet);
        font: inherit;
        font-size: 0.875rem;
      }
      history-chart,
      .coming {
        min-height: 260px;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.minutes = 15;
    void import("../chart/history-chart.ts");
  }

  override render(): TemplateResult {
    const numbers = this.readings.filter(({ signal }) => signal.type === "number");
    const offered = first.flatMap((part) => {
      const reading = this.view[part];
      return reading ? [{ id: idOf(reading), label: text(part) }] : [];
    });
    const shown = numbers.find((reading) => idOf(reading) === this.chosen) ?? this.#byDefault(numbers);
    const id = shown && idOf(shown);
    return html`<section class="card" aria-label=${text("chart.title")}>
      <div class="signals">
        <fieldset aria-label=${text("chart.signal")} ?hidden=${offered.length === 0}>
          ${offered.map((offer) => this.#option("signal", offer.label, offer.id === id, () => this.#choose(offer.id)))}
        </fieldset>
        <select aria-label=${text("chart.other")} @change=${this.#selected}>
          <option value="" ?selected=${offered.some((offer) => offer.id === id)}>${text("chart.more")}</option>
          ${numbers
            .filter((reading) => offered.every((offer) => offer.id !== idOf(reading)))
            .map(
              (reading) =>
                html`<option value=${idOf(reading)} ?selected=${idOf(reading) === id}>${reading.signal.name}</option>`,
            )}
        </select>
      </div>
      ${shown ? this.#chart(shown) : html`<div class="coming"></div>`}
      <fieldset class="spans" aria-label=${text("chart.span")}>
        ${spans.map((span) =>
          this.#option("span", spanText(span), span === this.minutes, () => {
            this.minutes = span;
          }),
        )}
      </fieldset>
    </section>`;
  }

  #chart(reading: Reading): TemplateResult {
    const { garage, vehicle, minutes } = this;
    return html`<history-chart
      .garage=${garage}
      .vehicle=${vehicle}
      .reading=${reading}
      .resting=${this.resting}
      .minutes=${minutes}
    ></history-chart>`;
  }

  #byDefault(numbers: readonly Reading[]): Reading | undefined {
    return this.view.power ?? this.view.charge ?? numbers[0];
  }

  #option(name: string, label: string, checked: boolean, chosen: () => void): TemplateResult {
    return html`<label><input type="radio" name=${name} .checked=${checked} @change=${chosen} />${label}</label>`;
  }

  readonly #selected = ({ target }: Event): void => {
    if (target instanceof HTMLSelectElement && target.value !== "") this.#choose(target.value);
  };

  #choose(id: string): void {
    this.dispatchEvent(new CustomEvent<string>("choose-signal", { detail: id, bubbles: true }));
  }
}

function spanText(minutes: (typeof spans)[number]): string {
  if (minutes < 60) return text("chart.minutes", { n: minutes });
  if (minutes < 1_440) return text("chart.hours", { n: minutes / 60 });
  return minutes < 525_600 ? text("chart.days", { n: minutes / 1_440 }) : text("chart.year");
}

export const idOf = ({ device, signal }: Reading): string => `${device}.${signal.key}`;

customElements.define("chart-card", ChartCard);
