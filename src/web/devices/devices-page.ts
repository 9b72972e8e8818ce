import { css, html, LitElement, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { LiveDevice, LiveVehicle } from "#api/contract/live.ts";
import type { DiscoveryResource } from "#api/contract/resources.ts";
import { loadDeviceKinds } from "../api/devices.ts";
import { loadDiscoveries, loadSearch, startSearch } from "../api/discoveries.ts";
import { ResourceController } from "../api/resource-controller.ts";
import { TaskController } from "../api/task-controller.ts";
import type { LiveGarage } from "../live/live-garage.ts";
import { controls } from "../look/controls.ts";
import "../look/empty-note.ts";
import { icon } from "../look/icons.ts";
import { shared } from "../look/shared-styles.ts";
import { formatAge } from "../texts/format.ts";
import { text } from "../texts/text.ts";
import "./add-device.ts";
import "./device-card.ts";
import "./found-card.ts";
import "./vehicle-editor.ts";

/** A search lasts half a minute, and finds one thing after the other. */
const RELOAD_MS = 3_000;

/** What was found, and what reads which vehicle. */
export class DevicesPage extends LitElement {
  static override properties = {
    garage: { attribute: false },
    now: { attribute: false },
    adding: { state: true },
    edited: { state: true },
  };
  declare garage: LiveGarage;
  declare now: number;
  declare adding: boolean;
  /** Id of the vehicle that is being changed. */
  declare edited: string | undefined;
  readonly #kinds = new ResourceController(this, loadDeviceKinds);
  readonly #search = new ResourceController(
    this,
    async (abort) => {
      const [found, search] = await Promise.all([loadDiscoveries(abort), loadSearch(abort)]);
      return { found, search };
    },
    RELOAD_MS,
  );
  readonly #task = new TaskController(this);

  static override styles = [
    shared,
    controls,
    css`
      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px;
        margin-bottom: 16px;
      }
      .head p {
        flex: 1 1 100%;
        order: 1;
        padding: 0 4px;
      }
      .head button {
        flex: 1;
      }
      @media (min-width: 600px) {
        .head p {
          flex: 1;
          order: 0;
        }
        .head button {
          flex: none;
        }
      }
      /* Columns, not rows: a vehicle has one device or five. */
      .groups {
        columns: 2 400px;
        column-gap: var(--gap);
      }
      section {
        margin-bottom: 16px;
        break-inside: avoid;
      }
      .title {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: 44px;
        padding: 0 4px;
      }
      .title > .icon {
        color: var(--quiet);
      }
      h2 {
        font-size: 1rem;
        font-weight: 600;
        overflow-wrap: anywhere;
      }
      ul {
        display: grid;
        gap: var(--gap);
      }
      li {
        list-style: none;
      }
      summary {
        display: flex;
        align-items: center;
        min-height: 44px;
        padding: 0 4px;
        color: var(--quiet);
        cursor: pointer;
      }
      add-device,
      empty-note,
      fault-note {
        margin-bottom: 16px;
      }
    `,
  ];

  override render(): TemplateResult {
    const { vehicles = [], unassigned } = this.garage;
    const found = this.#search.value?.found ?? [];
    const waiting = found.filter(({ attributes }) => !attributes.ignored);
    const ignored = found.filter(({ attributes }) => attributes.ignored);
    const empty = vehicles.length === 0 && unassigned.length === 0 && waiting.length === 0;
    return html`
      ${this.#head()} ${this.adding ? this.#adder() : ""} ${empty && !this.adding ? this.#empty() : ""}
      <div class="groups">
      ${waiting.length > 0 ? html`<section>${this.#title(text("devices.found"))} ${this.#found(waiting)}</section>` : ""}
      ${repeat(
        vehicles,
        ({ id }) => id,
        (vehicle) => this.#vehicle(vehicle),
      )}
      ${unassigned.length > 0 ? html`<section>${this.#title(text("devices.loose"))} ${this.#devices(unassigned)}</section>` : ""}
      </div>
      ${
        ignored.length > 0
          ? html`<details>
              <summary>${text("found.ignored", { n: ignored.length })}</summary>
              ${this.#found(ignored)}
            </details>`
          : ""
      }
    `;
  }

  #head(): TemplateResult {
    const { searching = false, lastAt, faults = [] } = this.#search.value?.search ?? {};
    const last = lastAt ? text("search.last", { age: formatAge(Date.parse(lastAt), this.now) }) : text("search.never");
    return html`<div class="head">
        <p class="quiet small number" role="status">${searching ? text("search.running") : last}</p>
        <button ?disabled=${searching || this.#task.busy} @click=${this.#start}>
          ${icon("search")} ${text("search.start")}
        </button>
        <button ?disabled=${!this.#kinds.value} @click=${this.#toggleAdding}>${text("add.open")}</button>
      </div>
      ${faults.map(({ message, nextStep }) => html`<fault-note .message=${message} .next=${nextStep}></fault-note>`)}`;
  }

  #adder(): TemplateResult {
    return html`<add-device
      .kinds=${this.#kinds.value ?? []}
      .vehicles=${this.garage.vehicles ?? []}
      @done=${this.#toggleAdding}
    ></add-device>`;
  }

  #empty(): TemplateResult {
    return html`<empty-note
      .icon=${"devices"}
      .heading=${text("devices.empty.title")}
      .words=${text("devices.empty.text")}
      .next=${text("empty.next")}
    ></empty-note>`;
  }

  #title(words: string): TemplateResult {
    return html`<div class="title"><h2>${words}</h2></div>`;
  }

  #vehicle(vehicle: LiveVehicle): TemplateResult {
    const edited = this.edited === vehicle.id;
    const edit = () => {
      this.edited = edited ? undefined : vehicle.id;
    };
    return html`<section aria-label=${vehicle.name}>
      <div class="title">
        ${icon(vehicle.kind)}
        <h2>${vehicle.name}</h2>
        <button class="plain" @click=${edit} aria-expanded=${edited}>${text("vehicle.change")}</button>
      </div>
      ${
        edited
          ? html`<vehicle-editor
              .vehicle=${vehicle}
              .others=${(this.garage.vehicles ?? []).filter(({ id }) => id !== vehicle.id)}
              @done=${edit}
            ></vehicle-editor>`
          : ""
      }
      ${
        vehicle.devices.length > 0
          ? this.#devices(vehicle.devices, vehicle)
          : html`<p class="quiet small title">${text("nodevice.text", { vehicle: vehicle.name })}</p>`
      }
    </section>`;
  }

  #devices(devices: readonly LiveDevice[], vehicle?: LiveVehicle): TemplateResult {
    return html`<ul>
      ${repeat(
        devices,
        ({ id }) => id,
        (device) => html`<li>
          <device-card
            .garage=${this.garage}
            .device=${device}
            .vehicle=${vehicle}
            .kinds=${this.#kinds.value ?? []}
            .now=${this.now}
          ></device-card>
        </li>`,
      )}
    </ul>`;
  }

  #found(found: readonly DiscoveryResource[]): TemplateResult {
    const titleOf = (kind: string) => this.#kinds.value?.find(({ id }) => id === kind)?.attributes.title ?? kind;
    return html`<ul>
      ${repeat(
        found,
        ({ id }) => id,
        (each) => html`<li>
          <found-card
            .found=${each}
            .kindTitle=${titleOf(each.attributes.kind)}
            .vehicles=${this.garage.vehicles ?? []}
            .now=${this.now}
            @done=${() => this.#search.reload()}
          ></found-card>
        </li>`,
      )}
    </ul>`;
  }

  readonly #start = async (): Promise<void> => {
    await this.#task.run(startSearch);
    await this.#search.reload();
  };

  readonly #toggleAdding = (): void => {
    this.adding = !this.adding;
  };
}

customElements.define("devices-page", DevicesPage);
