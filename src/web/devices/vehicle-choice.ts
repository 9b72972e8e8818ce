import { css, html, LitElement, type TemplateResult } from "lit";
import type { LiveVehicle } from "#api/contract/live.ts";
import { type VehicleKind, vehicleKinds } from "#domain/vehicle.ts";
import { addVehicle } from "../api/vehicles.ts";
import { controls } from "../look/controls.ts";
import { shared } from "../look/shared-styles.ts";
import { text } from "../texts/text.ts";

const NEW = "";

/** Which vehicle a device belongs to: one that is there, or one to be named here. */
export class VehicleChoice extends LitElement {
  static override properties = { vehicles: { attribute: false }, chosen: {} };
  declare vehicles: readonly LiveVehicle[];
  /** Id; undefined for a new one. */
  declare chosen: string | undefined;
  #name = "";
  #kind: VehicleKind = "car";

  static override styles = [
    shared,
    controls,
    css`
      .choice {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(200px, 100%), 1fr));
        gap: 12px;
      }
    `,
  ];

  /** Id of the vehicle, which is made first when it is new; undefined: of its own, under a name of Carport's. */
  async settle(): Promise<string | undefined> {
    const chosen = this.#current;
    if (chosen !== NEW) return chosen;
    const name = this.#name.trim();
    if (name === "") return undefined;
    this.chosen = await addVehicle({ name, kind: this.#kind });
    return this.chosen;
  }

  override render(): TemplateResult {
    const current = this.#current;
    return html`<div class="choice">
      ${this.vehicles.length > 0 ? this.#list(current) : ""}
      ${
        current === NEW
          ? html`<label>
                <span class="label">${text("vehicle.name")}</span>
                <input name="vehicle" maxlength="100" autocomplete="off" placeholder=${text("vehicle.example")}
                  .value=${this.#name} @input=${this.#named} />
              </label>
              <label>
                <span class="label">${text("vehicle.kind")}</span>
                <select @change=${this.#kindChosen}>
                  ${vehicleKinds.map((kind) => html`<option value=${kind} ?selected=${kind === this.#kind}>${text(`kind.${kind}`)}</option>`)}
                </select>
              </label>`
          : ""
      }
    </div>`;
  }

  #list(current: string): TemplateResult {
    return html`<label>
      <span class="label">${text("vehicle")}</span>
      <select @change=${this.#choose}>
        ${this.vehicles.map(({ id, name }) => html`<option value=${id} ?selected=${id === current}>${name}</option>`)}
        <option value=${NEW} ?selected=${current === NEW}>${text("vehicle.new")}</option>
      </select>
    </label>`;
  }

  get #current(): string {
    return this.chosen ?? NEW;
  }

  readonly #choose = ({ target }: Event): void => {
    if (target instanceof HTMLSelectElement) this.chosen = target.value;
  };

  readonly #named = ({ target }: Event): void => {
    if (target instanceof HTMLInputElement) this.#name = target.value;
  };

  readonly #kindChosen = ({ target }: Event): void => {
    const kind = target instanceof HTMLSelectElement && vehicleKinds.find((each) => each === target.value);
    if (kind) this.#kind = kind;
  };
}

customElements.define("vehicle-choice", VehicleChoice);
