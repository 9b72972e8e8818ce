import { css, html, LitElement, type TemplateResult } from "lit";
import type { LiveVehicle } from "#api/contract/live.ts";
import type { LiveGarage } from "../live/live-garage.ts";
import type { Reading } from "../live/reading.ts";
import "../look/empty-note.ts";
import type { IconName } from "../look/icons.ts";
import { shared } from "../look/shared-styles.ts";
import { text } from "../texts/text.ts";
import "./chart-card.ts";
import "./device-list.ts";
import "./signal-list.ts";
import "./temperature-card.ts";
import "./value-tile.ts";
import "./vehicle-hero.ts";
import { type Mood, type VehicleView, viewVehicle } from "./vehicle-view.ts";

/** One vehicle, live. */
export class VehiclePage extends LitElement {
  static override properties = {
    garage: { attribute: false },
    vehicle: { attribute: false },
    now: { attribute: false },
    chosen: { state: true },
  };
  declare garage: LiveGarage;
  declare vehicle: LiveVehicle;
  /** Changes with every picture: what makes this one be drawn anew. */
  declare now: number;
  /** Signal that the owner picked for the chart. */
  declare chosen: string | undefined;

  static override styles = [
    shared,
    css`
      .page,
      .column {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--gap);
        align-content: start;
      }
      /* What is not live any more steps back. */
      .resting {
        --figure: var(--quiet);
        --vivid: 50%;
        --motion: paused;
      }
      .tiles {
        display: flex;
        flex-wrap: wrap;
        gap: var(--gap);
      }
      .tiles[hidden] {
        display: none;
      }
      value-tile {
        flex: 1 1 35%;
        min-width: 0;
      }
      signal-list,
      device-list {
        margin-top: 12px;
      }
      @media (min-width: 600px) and (max-width: 899px) {
        value-tile {
          flex-basis: 25%;
        }
      }
      @media (min-width: 900px) {
        .page {
          grid-template-columns: minmax(360px, 5fr) minmax(0, 7fr);
        }
      }
    `,
  ];

  override render(): TemplateResult {
    const { garage, vehicle, now } = this;
    const readings = vehicle.devices.flatMap(({ id }) => garage.readings(id));
    const view = viewVehicle(vehicle, readings);
    if (!readings.some(({ value }) => value !== undefined)) return this.#waiting();
    const faulty = vehicle.devices.some(({ fault }) => fault);
    const devices = html`<device-list .devices=${vehicle.devices} .now=${now}></device-list>`;
    const resting = garage.connection === "lost" || !live.has(view.mood);
    return html`<div class="page ${resting ? "resting" : ""}" @choose-signal=${this.#choose}>
      <div class="column">
        <vehicle-hero .vehicle=${vehicle} .view=${view} .now=${now}></vehicle-hero>
        ${faulty ? devices : ""}
        <div class="tiles" ?hidden=${tiles(view).length === 0}>${tiles(view).map(([icon, label, reading]) => tile(icon, label, reading, now))}</div>
        ${view.temperatures.length > 0 ? html`<temperature-card .readings=${view.temperatures} .now=${now}></temperature-card>` : ""}
      </div>
      <div class="column">
        <chart-card
          .garage=${garage}
          .vehicle=${vehicle.id}
          .view=${view}
          .readings=${readings}
          .chosen=${this.chosen}
          .resting=${resting}
        ></chart-card>
        <signal-list .readings=${readings} .now=${now}></signal-list>
        ${faulty ? "" : devices}
      </div>
    </div>`;
  }

  #waiting(): TemplateResult {
    const { name, kind, devices } = this.vehicle;
    const listening = devices.find(({ enabled }) => enabled);
    const key = listening ? "waiting" : "nodevice";
    const fault = devices.find(({ fault }) => fault)?.fault;
    if (fault) {
      return html`<empty-note
        .icon=${"alert"}
        .heading=${text("mood.fault")}
        .words=${fault.message}
        .next=${fault.nextStep}
      ></empty-note>`;
    }
    return html`<div class="column">
      <empty-note
        .icon=${kind}
        .heading=${text(`${key}.title`)}
        .words=${text(`${key}.text`, { device: listening?.name ?? "", vehicle: name })}
        .next=${text(`${key}.next`)}
      ></empty-note>
      ${devices.length > 0 ? html`<device-list .devices=${devices} .now=${this.now}></device-list>` : ""}
    </div>`;
  }

  readonly #choose = ({ detail }: CustomEvent<string>): void => {
    this.chosen = detail;
    this.renderRoot.querySelector("chart-card")?.scrollIntoView({ block: "nearest" });
  };
}

const live: ReadonlySet<Mood> = new Set(["driving", "charging", "parked"]);

function tiles(view: VehicleView): [IconName, string, Reading | undefined][] {
  // Of what has no traction battery, only what is told has a place.
  const always = (
    icon: IconName,
    label: string,
    reading: Reading | undefined,
  ): [IconName, string, Reading | undefined][] =>
    view.charge ? [[icon, label, reading]] : optional(icon, label, reading);
  return [
    ...always("speed", text("speed"), view.speed),
    ...always("gear", text("gear"), view.gear),
    ...always("plug", text("charging"), view.charging),
    ...(view.charge ? optional("12v", text("12v"), view.auxiliary) : []),
    ...optional("battery", text("energy"), view.energy),
    ...optional("health", text("health"), view.health),
  ];
}

/** What not every car tells has a place only where it is told. */
const optional = (icon: IconName, label: string, reading: Reading | undefined): [IconName, string, Reading][] =>
  reading ? [[icon, label, reading]] : [];

const tile = (icon: IconName, label: string, reading: Reading | undefined, now: number): TemplateResult =>
  html`<value-tile .icon=${icon} .label=${label} .reading=${reading} .now=${now}></value-tile>`;

customElements.define("vehicle-page", VehiclePage);
